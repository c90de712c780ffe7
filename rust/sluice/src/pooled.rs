//! What transfers borrow and give back: buffers and pipes.

pub(crate) mod buffer;
pub(crate) mod pipe;
mod pipe_budget;
mod pool;
