//! What transfers borrow and give back: buffers and pipes, and the budget of pages that all pipes share.

pub(crate) mod buffer;
pub(crate) mod callers_pipe;
pub(crate) mod pipe;
mod pipe_budget;
mod pool;
