//! Hands the JDK's trusted lookup over, once to each class that keeps handles on JDK internals.

use jni::errors::ThrowRuntimeExAndDefault;
use jni::objects::{JClass, JObject};
use jni::sys::jint;
use jni::{EnvUnowned, jni_sig, jni_str};
use std::sync::atomic::{AtomicBool, Ordering};

/// One for each class that keeps handles on JDK internals.
static HANDED_OVER: [AtomicBool; 7] = [const { AtomicBool::new(false) }; 7];

/// Answers `MethodHandles.Lookup.IMPL_LOOKUP` to the first caller for each owner, which is a class initialiser, and null
/// ever after. A JDK without that field gets null as well: not an error, every group of internals has its fallback.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_jdk_TrustedLookup_trustedLookup0<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    owner: jint,
) -> JObject<'local> {
    env.with_env(|env| -> jni::errors::Result<JObject<'local>> {
        let owner = usize::try_from(owner).ok();
        let handed_over = owner.and_then(|owner| HANDED_OVER.get(owner));
        if handed_over.is_none_or(|handed_over| handed_over.swap(true, Ordering::SeqCst)) {
            return Ok(JObject::null());
        }
        let field = env.get_static_field(
            jni_str!("java/lang/invoke/MethodHandles$Lookup"),
            jni_str!("IMPL_LOOKUP"),
            jni_sig!("Ljava/lang/invoke/MethodHandles$Lookup;"),
        );
        match field.and_then(|lookup| lookup.l()) {
            Ok(lookup) => Ok(lookup),
            Err(_) => {
                env.exception_clear();
                Ok(JObject::null())
            }
        }
    })
    .resolve::<ThrowRuntimeExAndDefault>()
}
