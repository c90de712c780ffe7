//! A file in memory, and the calls that it refuses according to its name.

use std::collections::HashMap;
use std::time::Duration;

/// The errno of a refused call, and how many times it is still answered.
#[derive(Debug, PartialEq, Eq)]
struct Refusal {
    errno: i32,
    times: u32,
}

/// A file that holds its bytes in memory.
#[derive(Debug, Default)]
pub struct File {
    pub content: Vec<u8>,
    pub is_direct: bool,
    /// How long each read takes.
    pub slowness: Duration,
    told_size: Option<u64>,
    refusals: HashMap<String, Refusal>,
}

impl File {
    pub fn named(name: &str) -> File {
        let mut file = File::default();
        for part in name.split('.') {
            match part.split_once('=') {
                Some(("told", size)) => file.told_size = size.parse().ok(),
                Some(("slow", millis)) => {
                    file.slowness = Duration::from_millis(millis.parse().unwrap_or(0));
                }
                Some((call, answer)) => {
                    let (errno, times) = answer.split_once(':').unwrap_or((answer, ""));
                    if let Ok(errno) = errno.parse() {
                        let times = times.parse().unwrap_or(u32::MAX);
                        let refusal = Refusal { errno, times };
                        file.refusals.insert(call.to_owned(), refusal);
                    }
                }
                None => file.is_direct |= part == "direct",
            }
        }
        file
    }

    pub fn size(&self) -> u64 {
        self.told_size.unwrap_or(self.content.len() as u64)
    }

    /// The errno that this `call` is answered with, if it is refused.
    pub fn refuses(&mut self, call: &str) -> Option<i32> {
        let refusal = self.refusals.get_mut(call)?;
        refusal.times = refusal.times.checked_sub(1)?;
        Some(refusal.errno)
    }

    pub fn read(&self, offset: u64, count: u64) -> &[u8] {
        let start = clamped(offset, self.content.len());
        let end = clamped(offset.saturating_add(count), self.content.len());
        &self.content[start..end]
    }

    pub fn write(&mut self, offset: u64, bytes: &[u8]) {
        let start = clamped(offset, usize::MAX);
        let end = start + bytes.len();
        if self.content.len() < end {
            self.content.resize(end, 0);
        }
        self.content[start..end].copy_from_slice(bytes);
    }

    pub fn resize(&mut self, size: u64) {
        self.content.resize(clamped(size, usize::MAX), 0);
        self.content.shrink_to_fit();
    }
}

fn clamped(value: u64, most: usize) -> usize {
    usize::try_from(value).map_or(most, |value| value.min(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_its_file_refuses() {
        let mut file = File::named("a.direct.told=0.read=5.write=11:2");
        assert!(file.is_direct);
        assert_eq!(file.size(), 0);
        assert_eq!(file.refuses("read"), Some(5));
        let writes = [(); 3].map(|()| file.refuses("write"));
        assert_eq!(writes, [Some(11), Some(11), None]);
        assert_eq!(file.refuses("open"), None);
        assert_eq!(File::named("plain").refuses("read"), None);
        assert_eq!(File::named("b.slow=20").slowness, Duration::from_millis(20));
    }

    #[test]
    fn bytes_are_kept_where_they_were_written() {
        let mut file = File::named("plain");
        file.write(2, b"ab");
        assert_eq!(file.size(), 4);
        assert_eq!(file.read(1, 2), b"\0a");
        assert_eq!(file.read(9, 2), b"");
    }
}
