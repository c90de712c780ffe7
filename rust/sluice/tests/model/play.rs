//! One scenario: what is sent, what moves it, and what has to add up.

use crate::scenario::{Kind, MOST, Scenario};
use nix::errno::Errno;
use nix::libc;
use proptest::prelude::*;
use sluice::{Ending, Endpoint, Pace, Request, Steps};
use std::ffi::CStr;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::thread;
use std::time::Duration;

/// How long nothing may move where nothing is waited for.
const PATIENCE: u32 = 300;

/// What one request did. This function alone knows how the core is asked.
struct Moved {
    bytes: u64,
    stranded: u64,
    goes_on: bool,
}

fn moved(scenario: &Scenario, source: BorrowedFd<'_>, target: BorrowedFd<'_>, count: u64) -> Moved {
    let end = |kind, fd| match kind {
        Kind::Tcp | Kind::Unix => Endpoint::socket(fd),
        Kind::Pipe => Endpoint::pipe(fd),
        Kind::File => Endpoint::file(fd),
    };
    let request = Request {
        source: end(scenario.source, source),
        target: end(scenario.target, target),
        count,
        pace: if scenario.at_once {
            Pace::AtOnce
        } else {
            Pace::Throughout
        },
    };
    let mut steps = Steps::default();
    tell(c"sluice_chaos_arm");
    let progress = request.run(scenario.mechanism, &mut steps);
    tell(c"sluice_chaos_disarm");
    Moved {
        bytes: progress.bytes,
        stranded: steps.stranded,
        goes_on: match progress.ending {
            Ending::Failed(error) => [Errno::EINTR, Errno::EAGAIN].contains(&error.errno),
            ending => ending == Ending::Short,
        },
    }
}

/// Calls what the preloaded library exports, where it is there.
fn tell(name: &CStr) {
    // SAFETY: the name ends with 0.
    let found = unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) };
    // SAFETY: what the library exports by these names takes and answers nothing.
    let function =
        unsafe { std::mem::transmute::<*mut libc::c_void, Option<extern "C" fn()>>(found) };
    function.into_iter().for_each(|function| function());
}

fn sent() -> Vec<u8> {
    let mixed = |place: usize| (place as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33;
    (0..MOST)
        .map(|place| mixed(place).to_le_bytes()[0])
        .collect()
}

/// Two descriptors, of which the second reads what the first writes.
fn connected(kind: Kind) -> (OwnedFd, OwnedFd) {
    match kind {
        Kind::Tcp => {
            let server = TcpListener::bind("127.0.0.1:0").unwrap();
            let near = TcpStream::connect(server.local_addr().unwrap()).unwrap();
            (near.into(), server.accept().unwrap().0.into())
        }
        Kind::Unix => {
            let (near, far) = UnixStream::pair().unwrap();
            (near.into(), far.into())
        }
        Kind::Pipe => {
            let (reader, writer) = nix::unistd::pipe().unwrap();
            (writer, reader)
        }
        Kind::File => unreachable!("a file is not connected"),
    }
}

fn set_non_blocking(fd: &OwnedFd) {
    use nix::fcntl::{FcntlArg, OFlag, fcntl};
    fcntl(fd, FcntlArg::F_SETFL(OFlag::O_NONBLOCK)).unwrap();
}

pub(crate) fn play(scenario: &Scenario) -> Result<(), TestCaseError> {
    let sent = sent();
    let supply = &sent[..scenario.supply];
    thread::scope(|scope| {
        let source = if scenario.source == Kind::File {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(supply).unwrap();
            file.seek(SeekFrom::Start(0)).unwrap();
            OwnedFd::from(file)
        } else {
            let (writer, reader) = connected(scenario.source);
            scope.spawn(move || File::from(writer).write_all(supply));
            reader
        };
        let mut drain = None;
        let target = if scenario.target == Kind::File {
            OwnedFd::from(tempfile::tempfile().unwrap())
        } else {
            let (writer, reader) = connected(scenario.target);
            let (after, pause) = (scenario.stall_after, scenario.stall_millis);
            drain = Some(scope.spawn(move || {
                let mut file = File::from(reader);
                let mut all = Vec::new();
                Read::by_ref(&mut file)
                    .take(after as u64)
                    .read_to_end(&mut all)
                    .unwrap();
                thread::sleep(Duration::from_millis(pause));
                file.read_to_end(&mut all).unwrap();
                all
            }));
            writer
        };
        if scenario.at_once {
            for (kind, fd) in [(scenario.source, &source), (scenario.target, &target)] {
                if kind != Kind::File {
                    set_non_blocking(fd);
                }
            }
        }
        let (bytes, stranded) = moves(scenario, &source, &target)?;
        let arrived = match drain {
            Some(drain) => {
                drop(target);
                drain.join().unwrap()
            }
            None => all_of(File::from(target)),
        };
        prop_assert_eq!(&arrived[..], &sent[..bytes], "what arrived");
        nix::fcntl::fcntl(
            &source,
            nix::fcntl::FcntlArg::F_SETFL(nix::fcntl::OFlag::empty()),
        )
        .unwrap();
        let mut rest = Vec::new();
        File::from(source).read_to_end(&mut rest).unwrap();
        prop_assert_eq!(&rest[..], &supply[bytes + stranded..], "what is left");
        Ok(())
    })
}

fn moves(
    scenario: &Scenario,
    source: &OwnedFd,
    target: &OwnedFd,
) -> Result<(usize, usize), TestCaseError> {
    let (mut bytes, mut stranded, mut idle) = (0, 0, 0);
    while bytes < scenario.count as u64 {
        let asked = scenario.count as u64 - bytes;
        let moved = moved(scenario, source.as_fd(), target.as_fd(), asked);
        prop_assert!(moved.bytes <= asked, "{} of {asked}", moved.bytes);
        bytes += moved.bytes;
        stranded += moved.stranded;
        idle = if moved.bytes > 0 { 0 } else { idle + 1 };
        if !moved.goes_on || moved.stranded > 0 || idle > PATIENCE {
            break;
        }
        if moved.bytes == 0 {
            thread::sleep(Duration::from_micros(200));
        }
    }
    Ok((
        usize::try_from(bytes).unwrap(),
        usize::try_from(stranded).unwrap(),
    ))
}

fn all_of(mut file: File) -> Vec<u8> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0)).unwrap();
    file.read_to_end(&mut bytes).unwrap();
    bytes
}
