//! The bytes of requests and replies, in the order of the processor. Source: the kernel's
//! `include/uapi/linux/fuse.h`.

/// The size of `struct fuse_in_header` in bytes.
pub const HEADER: usize = 40;

/// One request of the kernel.
pub struct Request<'a>(pub &'a [u8]);

impl<'a> Request<'a> {
    pub fn opcode(&self) -> u32 {
        number_at(self.0, 4)
    }

    pub fn unique(&self) -> u64 {
        long_at(self.0, 8)
    }

    /// The number of the file that the request is for.
    pub fn node(&self) -> u64 {
        long_at(self.0, 16)
    }

    /// The bytes after the header.
    pub fn body(&self) -> &'a [u8] {
        self.0.get(HEADER..).unwrap_or_default()
    }
}

pub fn number_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_ne_bytes(array_at(bytes, at))
}

pub fn long_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_ne_bytes(array_at(bytes, at))
}

fn array_at<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    bytes
        .get(at..at + N)
        .and_then(|found| found.try_into().ok())
        .unwrap_or([0; N])
}

/// A reply, field by field.
#[derive(Default)]
pub struct Reply(Vec<u8>);

impl Reply {
    pub fn short(self, value: u16) -> Self {
        self.bytes(&value.to_ne_bytes())
    }

    pub fn number(self, value: u32) -> Self {
        self.bytes(&value.to_ne_bytes())
    }

    pub fn long(self, value: u64) -> Self {
        self.bytes(&value.to_ne_bytes())
    }

    pub fn zeros(mut self, count: usize) -> Self {
        self.0.resize(self.0.len() + count, 0);
        self
    }

    pub fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// The reply with its `struct fuse_out_header`.
    pub fn to(self, unique: u64) -> Vec<u8> {
        framed(unique, 0, &self.0)
    }
}

/// The reply for a request that failed with `errno`.
pub fn error(unique: u64, errno: i32) -> Vec<u8> {
    framed(unique, -errno, &[])
}

fn framed(unique: u64, error: i32, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(16 + body.len()).unwrap_or(u32::MAX);
    Reply::default()
        .number(length)
        .bytes(&error.to_ne_bytes())
        .long(unique)
        .bytes(body)
        .0
}
