//! Replaces the entries of one object's global offset table, through which its calls of other libraries go.
//!
//! So a call needs no look at its caller: the calls of the JVM and of every other library never come here. Source: the
//! ELF specification, `elf(5)`, `dl_iterate_phdr(3)`.

#![allow(
    clippy::cast_possible_truncation,
    reason = "machine words, which have 64 bits wherever the library runs"
)]

use crate::calls;
use crate::settings::Settings;
use std::ffi::{CStr, c_int, c_void};

#[cfg(target_arch = "x86_64")]
const BY_SYMBOL: [u32; 3] = [1, 6, 7]; // R_X86_64_64, R_X86_64_GLOB_DAT, R_X86_64_JUMP_SLOT
#[cfg(target_arch = "aarch64")]
const BY_SYMBOL: [u32; 3] = [257, 1025, 1026]; // R_AARCH64_ABS64, R_AARCH64_GLOB_DAT, R_AARCH64_JUMP_SLOT

const DT_NULL: usize = 0;
const DT_PLTRELSZ: usize = 2;
const DT_STRTAB: usize = 5;
const DT_SYMTAB: usize = 6;
const DT_RELA: usize = 7;
const DT_RELASZ: usize = 8;
const DT_JMPREL: usize = 23;

/// `Elf64_Dyn`.
#[repr(C)]
#[derive(Clone, Copy)]
struct Dynamic {
    tag: usize,
    value: usize,
}

/// `Elf64_Rela`.
#[repr(C)]
#[derive(Clone, Copy)]
struct Relocation {
    offset: usize,
    info: u64,
    addend: i64,
}

/// What the dynamic section of an object says about its relocations.
#[derive(Default)]
struct Tables {
    strings: usize,
    symbols: usize,
    relocations: [(usize, usize); 2],
}

/// Bends every object of the process that the settings name.
pub fn bend(settings: &Settings) {
    let settings: *const Settings = settings;
    // SAFETY: the callback gets the address of the settings, which outlive the call.
    unsafe { libc::dl_iterate_phdr(Some(visit), settings.cast_mut().cast()) };
}

unsafe extern "C" fn visit(
    object: *mut libc::dl_phdr_info,
    _size: libc::size_t,
    settings: *mut c_void,
) -> c_int {
    // SAFETY: the dynamic linker passes an object that lives during the call, and `bend` passed settings.
    let (object, settings) = unsafe { (&*object, &*settings.cast::<Settings>()) };
    // SAFETY: the name of an object is a string that ends with 0.
    let name = unsafe { CStr::from_ptr(object.dlpi_name) }.to_string_lossy();
    let is_wanted = settings.is_of(&name);
    if is_wanted {
        // SAFETY: the object was loaded and bound by the dynamic linker, which passed its headers.
        unsafe { replace(object) };
    }
    // The first object without a name is the program, the next one is the kernel's.
    c_int::from(is_wanted && settings.is_of_the_program())
}

/// # Safety
/// `object` describes an object that is loaded and bound.
unsafe fn replace(object: &libc::dl_phdr_info) {
    let base = object.dlpi_addr as usize;
    // SAFETY: an object has as many program headers as it says.
    let headers = unsafe { std::slice::from_raw_parts(object.dlpi_phdr, object.dlpi_phnum.into()) };
    let Some(dynamic) = headers
        .iter()
        .find(|header| header.p_type == libc::PT_DYNAMIC)
    else {
        return;
    };
    // SAFETY: the header names the place of the dynamic section, which ends with `DT_NULL`.
    let tables = unsafe { tables(base, at(base + dynamic.p_vaddr as usize)) };
    for (start, size) in tables.relocations {
        for index in 0..size / size_of::<Relocation>() {
            // SAFETY: the dynamic section names the place and the size of the table.
            let relocation = unsafe { *at::<Relocation>(start).add(index) };
            // SAFETY: the tables are those of this object.
            unsafe { rebind(base, &tables, relocation) };
        }
    }
}

/// # Safety
/// `entry` is the first of a dynamic section.
unsafe fn tables(base: usize, mut entry: *const Dynamic) -> Tables {
    let mut tables = Tables::default();
    // glibc has turned these values into addresses, other C libraries leave offsets.
    let absolute = |value: usize| if value < base { base + value } else { value };
    loop {
        // SAFETY: the section goes on until `DT_NULL`.
        let Dynamic { tag, value } = unsafe { *entry };
        match tag {
            DT_NULL => return tables,
            DT_STRTAB => tables.strings = absolute(value),
            DT_SYMTAB => tables.symbols = absolute(value),
            DT_RELA => tables.relocations[0].0 = absolute(value),
            DT_RELASZ => tables.relocations[0].1 = value,
            DT_JMPREL => tables.relocations[1].0 = absolute(value),
            DT_PLTRELSZ => tables.relocations[1].1 = value,
            _ => {}
        }
        // SAFETY: as above.
        entry = unsafe { entry.add(1) };
    }
}

/// # Safety
/// `tables` and `relocation` are those of the object that is loaded at `base`.
unsafe fn rebind(base: usize, tables: &Tables, relocation: Relocation) {
    let kind = u32::try_from(relocation.info & 0xffff_ffff).unwrap_or(0);
    let symbol = usize::try_from(relocation.info >> 32).unwrap_or(0);
    if symbol == 0 || relocation.addend != 0 || !BY_SYMBOL.contains(&kind) {
        return;
    }
    // SAFETY: a relocation names a symbol of the table, whose name is a string of the string table.
    let name = unsafe {
        let symbol = *at::<libc::Elf64_Sym>(tables.symbols).add(symbol);
        CStr::from_ptr(at(tables.strings + symbol.st_name as usize))
    };
    let Some(replacement) = calls::replacement(name) else {
        return;
    };
    let entry = base + relocation.offset;
    if make_writable(entry) {
        // SAFETY: the dynamic linker has written an address there, which is aligned and now can be written again.
        // Other threads see the old address or the new one, both of which are functions of the same type.
        unsafe { at::<usize>(entry).cast_mut().write_volatile(replacement) };
    }
}

/// The table is read-only once it is bound (`-z relro`).
fn make_writable(address: usize) -> bool {
    // SAFETY: takes no memory.
    let page = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(4096);
    let start = std::ptr::with_exposed_provenance_mut(address & !(page - 1));
    // SAFETY: the page is one of the object's data, which its code never relies on to be read-only.
    unsafe { libc::mprotect(start, page, libc::PROT_READ | libc::PROT_WRITE) == 0 }
}

fn at<T>(address: usize) -> *const T {
    std::ptr::with_exposed_provenance(address)
}
