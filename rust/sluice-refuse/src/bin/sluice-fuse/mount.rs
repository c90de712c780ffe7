//! The mount, which lasts as long as its owner.

use std::ffi::CString;
use std::fs::File;
use std::io::{Error, Result};
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// A mounted file system. It is unmounted when this value is dropped, even while its files are open.
pub struct Mount(CString);

impl Mount {
    /// Mounts the file system that is served over `device`.
    ///
    /// # Errors
    /// Those of `mount(2)`: `EPERM` without root, `ENODEV` where the kernel has no FUSE.
    pub fn of(directory: &Path, device: &File) -> Result<Mount> {
        let target = CString::new(directory.as_os_str().as_bytes())?;
        let options = format!(
            "fd={},rootmode=40000,user_id=0,group_id=0,allow_other",
            device.as_raw_fd()
        );
        let options = CString::new(options)?;
        // SAFETY: each pointer points to bytes that end with a 0 and outlive the call.
        let result = unsafe {
            libc::mount(
                c"sluice-fuse".as_ptr(),
                target.as_ptr(),
                c"fuse".as_ptr(),
                libc::MS_NOSUID | libc::MS_NODEV,
                options.as_ptr().cast(),
            )
        };
        if result == 0 {
            Ok(Mount(target))
        } else {
            Err(Error::last_os_error())
        }
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        // SAFETY: the path ends with a 0 and outlives the call. A failure shows when the directory is removed.
        unsafe { libc::umount2(self.0.as_ptr(), libc::MNT_DETACH) };
    }
}
