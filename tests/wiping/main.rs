//! A password of xAuth is wiped: after `explain` and `to_request` no copy is left on the heap, freed memory included.
//!
//! It looks into this process's own heap through `/proc/self/mem`, so it runs on Linux, without the test harness: the
//! main thread's allocations are all in the region `[heap]`, and its stack is not.

use std::error::Error;
use std::fs::{File, read_to_string};
use std::io::{Read, Seek, SeekFrom};

use oauth1_signer::flow::{Endpoints, Flow};
use oauth1_signer::{ClientCredentials, Signer};
use zeroize::{Zeroize, Zeroizing};

/// What tells the password from all other memory. It is kept masked, so that the search does not find itself.
const MASK: u8 = 0x5A;
const CHUNK: usize = 16 * 1024;

/// Letters and digits, which look the same encoded; in one allocation.
fn password() -> Zeroizing<String> {
    let mut bytes = [0; 48];
    File::open("/dev/urandom").and_then(|mut random| random.read_exact(&mut bytes)).expect("random bytes");
    let mut password = Zeroizing::new(String::with_capacity(bytes.len()));
    for byte in &mut bytes {
        password.push(char::from(b'a' + *byte % 26));
    }
    bytes.zeroize();
    password
}

/// How often the middle of the password is on the heap. (An allocator writes into the first bytes of what is freed.)
fn copies(masked: &[u8]) -> Result<usize, Box<dyn Error>> {
    let maps = read_to_string("/proc/self/maps")?;
    let heap = maps.lines().find(|line| line.ends_with("[heap]")).ok_or("no heap")?;
    let (start, end) = heap.split(' ').next().and_then(|range| range.split_once('-')).ok_or("no range")?;
    let (mut at, end) = (u64::from_str_radix(start, 16)?, u64::from_str_radix(end, 16)?);
    let mut memory = File::open("/proc/self/mem")?;
    let mut found = 0;
    // On the stack, which is not searched.
    let mut buffer = [0_u8; CHUNK];
    while at < end {
        let len = usize::try_from(end - at)?.min(CHUNK);
        memory.seek(SeekFrom::Start(at))?;
        memory.read_exact(&mut buffer[..len])?;
        let is_here = |window: &[u8]| window.iter().zip(masked).all(|(byte, masked)| byte ^ MASK == *masked);
        found += buffer[..len].windows(masked.len()).filter(|window| is_here(window)).count();
        // Chunks overlap, so that nothing on an edge is missed.
        at += if len < CHUNK { len as u64 } else { (CHUNK - masked.len() + 1) as u64 };
    }
    Ok(found)
}

fn main() -> Result<(), Box<dyn Error>> {
    if !cfg!(target_os = "linux") {
        println!("not run: it needs /proc/self/mem");
        return Ok(());
    }
    let signer = Signer::builder(ClientCredentials::new("ck", "cs")).build()?;
    let endpoints = Endpoints::new("https://h/initiate", "https://h/authorize", "https://h/token");
    let flow = Flow::new(endpoints, &signer)?;

    let mut password = password();
    let masked: Vec<u8> = password.as_bytes()[16..40].iter().map(|byte| byte ^ MASK).collect();
    let alive = copies(&masked)?;
    assert_eq!(alive, 1, "the search finds what is there");

    // Long parameters, so that the base string grows through several allocations.
    let username = "jane".repeat(500);
    let request = flow.xauth(&username, &password)?;
    let (sent, explanation) = request.explain()?;
    assert!(explanation.base_string().contains("x_auth_password%3D%5Bredacted%5D"));
    let differences = explanation.differences(request.prepare()?.base_string());
    drop((sent, differences, request.to_request()?));
    // One for the caller, and one in the form that `request` holds.
    assert_eq!(copies(&masked)?, 2, "copies while the request is alive");
    drop(request);
    assert_eq!(copies(&masked)?, 1, "copies after the request is gone");
    password.zeroize();
    assert_eq!(copies(&masked)?, 0, "copies in the end");
    println!("no copy of the password is left on the heap");
    Ok(())
}
