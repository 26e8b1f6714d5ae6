//! How a test talks to a process that has sockets: a row of byte strings there, a
//! row back. `peer.py` speaks it too.

use std::io::{self, Read, Write};

use bytes::Bytes;

use crate::frames::Frames;

/// Writes a row: how many parts, and each with its length in front, in 32 bits of
/// little-endian order.
///
/// # Errors
///
/// If the other side is gone.
pub(crate) fn write(out: &mut impl Write, parts: &[Bytes]) -> io::Result<()> {
    out.write_all(&length(parts.len())?)?;
    for part in parts {
        out.write_all(&length(part.len())?)?;
        out.write_all(part)?;
    }
    out.flush()
}

/// Reads a row; none if the other side has ended.
///
/// # Errors
///
/// If it ended within a row.
pub(crate) fn read(input: &mut impl Read) -> io::Result<Option<Frames>> {
    let mut count = [0; 4];
    match input.read_exact(&mut count) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let parts = (0..u32::from_le_bytes(count)).map(|_| {
        let mut length = [0; 4];
        input.read_exact(&mut length)?;
        let length = usize::try_from(u32::from_le_bytes(length)).map_err(io::Error::other)?;
        let mut part = vec![0; length];
        input.read_exact(&mut part)?;
        Ok(Bytes::from(part))
    });
    parts.collect::<io::Result<_>>().map(Some)
}

fn length(length: usize) -> io::Result<[u8; 4]> {
    let length = u32::try_from(length).map_err(io::Error::other)?;
    Ok(length.to_le_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frames::frames;

    #[test]
    fn rows_survive_the_way() {
        let row = frames(["a", "", "bcd"]);
        let mut wire = Vec::new();
        write(&mut wire, &row).expect("there is room");
        let mut wire = &wire[..];
        assert_eq!(read(&mut wire).expect("a row"), Some(row));
        assert_eq!(read(&mut wire).expect("the end"), None);
    }
}
