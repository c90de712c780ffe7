// Opens a library by the dynamic loader of this program's own C library, and finds in it what a JVM would look for.
//
// usage: open-library LIBRARY NAME...
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>

int main(int count, char **arguments) {
  void *library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    printf("not opened: %s\n", dlerror());
    return 1;
  }
  for (int i = 2; i < count; i++) {
    if (dlsym(library, arguments[i]) == NULL) {
      printf("not found: %s\n", arguments[i]);
      return 1;
    }
  }
  printf("found: %d\n", count - 2);

  // The one native that asks nothing of a JVM.
  int64_t (*thread0)(void *, void *) = dlsym(library, "Java_dev_sluice_internal_boundary_NativeWait_thread0");
  int is_self = thread0 != NULL && thread0(NULL, NULL) == (int64_t)(uintptr_t)pthread_self();
  printf("thread0: %s\n", is_self ? "the calling thread" : "another answer");

  void (*unload)(void *, void *) = dlsym(library, "JNI_OnUnload");
  if (unload != NULL) {
    unload(NULL, NULL);
  }
  printf("closed: %d\n", dlclose(library));
  return is_self ? 0 : 1;
}
