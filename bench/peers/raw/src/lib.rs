//! The limits of the machine: a frame is its length in four bytes and its body, over a
//! bare socket of tcp or ipc. No queue, no high-water mark, no second peer.

/// A batch of small frames is written when it has so many bytes.
pub const WRITE: usize = 128 * 1024;

/// What is read at once, unless a frame is longer.
pub const READ: usize = 256 * 1024;

/// Bodies from this size on are not copied into the batch, but written from where they
/// are, as many at once as make a batch.
pub const VECTORED: usize = 4096;

/// The frames that have been read, and the place where the next bytes go.
pub struct Incoming {
    buffer: Vec<u8>,
    begin: usize,
    end: usize,
}

impl Default for Incoming {
    fn default() -> Self {
        Self {
            buffer: vec![0; READ],
            begin: 0,
            end: 0,
        }
    }
}

impl Incoming {
    /// The length of the next frame's body, once all of it is there.
    #[inline]
    pub fn next(&mut self) -> Option<usize> {
        let there = self.buffer.get(self.begin..self.end)?;
        let (length, rest) = there.split_first_chunk::<4>()?;
        let length = u32::from_le_bytes(*length) as usize;
        if rest.len() < length {
            return None;
        }
        self.begin += 4 + length;
        Some(length)
    }

    /// Room for more, behind what is there.
    pub fn room(&mut self) -> &mut [u8] {
        self.buffer.copy_within(self.begin..self.end, 0);
        self.end -= self.begin;
        self.begin = 0;
        if self.end == self.buffer.len() {
            self.buffer.resize(2 * self.end, 0);
        }
        &mut self.buffer[self.end..]
    }

    /// So many bytes came into the room.
    pub fn filled(&mut self, bytes: usize) {
        self.end += bytes;
    }
}

/// The path of an `ipc:` endpoint, or the address of a `tcp:` one.
pub fn place(endpoint: &str) -> Result<(bool, &str), stage::Failure> {
    match endpoint.split_once("://") {
        Some(("tcp", address)) => Ok((false, address)),
        Some(("ipc", path)) => Ok((true, path)),
        _ => Err("tcp and ipc alone".into()),
    }
}

/// One sender and one receiver is what a bare socket can do.
pub fn check(args: &stage::Args) -> Result<(), stage::Failure> {
    match args.workload.as_str() {
        "push-pull" | "req-rep" | "dealer-router" => Ok(()),
        _ => Err("two peers alone".into()),
    }
}
