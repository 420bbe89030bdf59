//! Reads HTTP/1.1 messages.

/// The ends of the head and of the body of a request, and the decoded body.
pub(super) struct Parts {
    pub(super) head: usize,
    pub(super) end: usize,
    pub(super) body: Vec<u8>,
}

/// Splits a request. Returns `None` while bytes are missing, and panics if its end is not clear.
pub(super) fn split_request(bytes: &[u8]) -> Option<Parts> {
    let head = find(bytes, b"\r\n\r\n")? + 4;
    let (head_bytes, rest) = bytes.split_at(head);
    if header_values(head_bytes, "Transfer-Encoding")
        .iter()
        .any(|value| value.eq_ignore_ascii_case("chunked"))
    {
        let (chunks, length) = split_chunks(rest)?;
        return Some(Parts { head, end: head + length, body: chunks.concat() });
    }
    let mut lengths = header_values(head_bytes, "Content-Length");
    lengths.dedup();
    let length = match &lengths[..] {
        [] => 0,
        [length] => length.parse().unwrap_or_else(|_| panic!("no Content-Length: {length:?}")),
        _ => panic!("more than one Content-Length: {lengths:?}"),
    };
    Some(Parts { head, end: head + length, body: rest.get(..length)?.to_vec() })
}

/// Returns the chunks of a body, and its whole length with trailers, or `None` while bytes are missing.
pub(super) fn split_chunks(bytes: &[u8]) -> Option<(Vec<&[u8]>, usize)> {
    let mut rest = bytes;
    let mut chunks = Vec::new();
    loop {
        let line = String::from_utf8_lossy(take_line(&mut rest)?);
        let size = line.split(';').next().unwrap_or_default().trim_end();
        let size = usize::from_str_radix(size, 16).unwrap_or_else(|_| panic!("no size of a chunk: {line:?}"));
        if size == 0 {
            break;
        }
        let (chunk, after) = rest.split_at_checked(size)?;
        chunks.push(chunk);
        rest = after;
        let line = take_line(&mut rest)?;
        assert!(line.is_empty(), "behind a chunk: \"{}\"", line.escape_ascii());
    }
    // The trailers, with the empty line at the end.
    while !take_line(&mut rest)?.is_empty() {}
    Some((chunks, bytes.len() - rest.len()))
}

/// Takes a line with its end, and returns it without its end.
pub(super) fn take_line<'o>(bytes: &mut &'o [u8]) -> Option<&'o [u8]> {
    let length = find(bytes, b"\r\n")?;
    let (line, rest) = bytes.split_at(length);
    *bytes = &rest[2..];
    Some(line)
}

pub(super) fn header_values(head: &[u8], name: &str) -> Vec<String> {
    let head = String::from_utf8_lossy(head);
    let fields = head.split("\r\n").skip(1).filter_map(|line| line.split_once(':'));
    let named = fields.filter(|(field, _)| field.eq_ignore_ascii_case(name));
    named.map(|(_, value)| value.trim_matches([' ', '\t']).to_owned()).collect()
}

/// Returns `true` if a head announces that its connection closes after the message.
pub(super) fn is_last(head: &[u8]) -> bool {
    header_values(head, "Connection").iter().any(|value| value.eq_ignore_ascii_case("close"))
}

pub(super) fn percent_decode(text: &str) -> String {
    let mut pieces = text.split('%');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let digits = piece.get(..2).unwrap_or_else(|| panic!("no escape: {text:?}"));
        bytes.push(u8::from_str_radix(digits, 16).unwrap_or_else(|_| panic!("no escape: {text:?}")));
        bytes.extend_from_slice(&piece.as_bytes()[2..]);
    }
    String::from_utf8(bytes).unwrap_or_else(|_| panic!("no UTF-8: {text:?}"))
}

pub(super) fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
