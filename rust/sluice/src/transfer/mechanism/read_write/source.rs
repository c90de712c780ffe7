//! A source file, read through the page cache or so that nothing stays in it.

use crate::endpoint::{Endpoint, Offset};
use crate::error::Error;
use crate::transfer::request::Request;
use crate::transfer::steps::Steps;
use crate::transfer::uncached;
use crate::transfer::whole_blocks;

pub(super) enum Source<'fd> {
    Cached(whole_blocks::Reader),
    Uncached(uncached::Reader<'fd>),
}

impl<'fd> Source<'fd> {
    pub(super) fn of(request: &Request<'fd>, steps: &mut Steps) -> Result<Self, Error> {
        Ok(if request.source.is_uncached {
            Source::Uncached(uncached::Reader::of(&request.source, steps)?)
        } else {
            Source::Cached(whole_blocks::Reader::default())
        })
    }

    /// Reads from the offset of the source on. The answer is how many bytes were asked for, and how many there were.
    pub(super) fn read(
        &mut self,
        source: &Endpoint<'_>,
        chunk: &mut [u8],
        steps: &mut Steps,
    ) -> Result<(usize, usize), Error> {
        match (self, source.offset) {
            (Source::Uncached(reader), Offset::At(at)) => reader.read(at, chunk, steps),
            (Source::Uncached(_), Offset::Own) => Ok((chunk.len(), source.read(chunk)?)),
            (Source::Cached(reader), _) => {
                let filled = reader.read(source, chunk, steps)?;
                Ok((chunk.len(), filled))
            }
        }
    }
}
