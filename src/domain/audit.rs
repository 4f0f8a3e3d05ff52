//! The audit log: its lines, and the hash chain between them.
//! The storage of lines is in the store; the service decides which requests are logged.

use std::fmt;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::fault::{Code, Fault, code_list};
use super::message::message;

code_list! {
    /// The action in a line of the audit log. A completed write has its own action; a refused write has the action `write`.
    pub enum AuditAction {
        /// A read of figures that are not open, or of the audit log itself.
        Read = "read",
        /// A refused write.
        Write = "write",
        /// A token was issued to a client.
        IssueToken = "issue_token",
        /// A client revoked its own token.
        RevokeToken = "revoke_token",
        /// A new key for signing tokens was made.
        RotateKey = "rotate_key",
        /// A batch of figures was submitted.
        Submit = "submit",
        /// The rows of a submission were replaced.
        ReplaceSubmission = "replace_submission",
        /// A draft or returned submission was submitted.
        SubmitDraft = "submit_draft",
        /// A submission was approved.
        ApproveSubmission = "approve_submission",
        /// A submission was returned.
        ReturnSubmission = "return_submission",
        /// A submission was withdrawn.
        WithdrawSubmission = "withdraw_submission",
        /// Targets were set.
        PutTargets = "put_targets",
        /// An indicator was set.
        PutIndicator = "put_indicator",
        /// Provinces were reorganised.
        PutProvinces = "put_provinces",
        /// A rule was set.
        PutRule = "put_rule",
        /// Obligations of an organisation were set.
        PutObligations = "put_obligations",
        /// An organisation was set.
        PutOrganisation = "put_organisation",
        /// A client was added.
        AddClient = "add_client",
        /// A client was changed.
        ChangeClient = "change_client",
        /// A client received a new secret.
        RotateClient = "rotate_client",
        /// A client was disabled.
        DisableClient = "disable_client",
        /// A disabled client was enabled again.
        EnableClient = "enable_client",
        /// Lines of the audit log were deleted after their retention period.
        ExpireAudit = "expire_audit",
    }
}

/// The outcome of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The action was completed.
    Done,
    /// The action was completed without a change, because the stored data was already the same.
    Unchanged,
    /// The action was refused, with the code of the first error.
    Refused(Code),
}

impl Outcome {
    /// The text in the log: `done`, `unchanged`, or the code of the first error.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Done => "done",
            Outcome::Unchanged => "unchanged",
            Outcome::Refused(code) => code.as_str(),
        }
    }

    /// `Done`, or `Unchanged` if nothing has changed.
    #[must_use]
    pub fn of_change(changed: bool) -> Outcome {
        if changed { Outcome::Done } else { Outcome::Unchanged }
    }

    /// Reads the text of an outcome.
    ///
    /// # Errors
    /// `invalid_value`.
    pub fn parse(text: &str) -> Result<Outcome, Fault> {
        match text {
            "done" => Ok(Outcome::Done),
            "unchanged" => Ok(Outcome::Unchanged),
            code => Code::parse(code).map(Outcome::Refused).ok_or_else(|| {
                let message = message!(
                    en: "an outcome is `done`, `unchanged`, `refused` for all that was, or the code of a fault",
                    vi: "kết quả là `done`, `unchanged`, `refused` (mọi trường hợp bị từ chối) hoặc một mã lỗi"
                );
                Fault::new(Code::InvalidValue, message).allowing(["done", "unchanged", "refused"])
            }),
        }
    }
}

/// The content of a line. Actions and outcomes are texts, so that an altered log can still be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The time, to the microsecond.
    pub at: DateTime<Utc>,
    /// The client; absent without a valid token, and for the command line.
    pub client: Option<String>,
    /// The organisation of the client.
    pub organisation: Option<String>,
    /// The address of the peer; absent for the command line.
    pub address: Option<String>,
    /// The request id in the server log.
    pub request_id: Option<String>,
    /// The text of an [`AuditAction`].
    pub action: String,
    /// The written object, or the request.
    pub subject: String,
    /// The text of an [`Outcome`].
    pub outcome: String,
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line number: from 1, without gaps.
    pub seq: i64,
    /// The content.
    pub entry: Entry,
    /// The hash of the line before, in hexadecimal.
    pub previous_hash: String,
    /// Its own hash: SHA-256, in hexadecimal.
    pub hash: String,
}

/// The end of a chain, which the next line continues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The number of the last line; 0 if there is none.
    pub seq: i64,
    /// The hash of the last line; zeros if there is none.
    pub hash: String,
    /// The time of the last line.
    pub at: Option<DateTime<Utc>>,
}

/// The first break in a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The number of the line.
    pub seq: i64,
    /// The error of the line.
    pub why: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} of the audit log {}", self.seq, self.why)
    }
}

impl Line {
    /// The chain that ends with this line.
    #[must_use]
    pub fn link(&self) -> Link {
        Link { seq: self.seq, hash: self.hash.clone(), at: Some(self.entry.at) }
    }
}

impl Link {
    /// The next line of the chain. Timestamps never decrease, even if the clocks of two instances differ.
    #[must_use]
    pub fn next(&self, mut entry: Entry) -> Line {
        entry.at = self.at.map_or(entry.at, |last| last.max(entry.at));
        let seq = self.seq + 1;
        let hash = digest(seq, &entry, &self.hash);
        Line { seq, entry, previous_hash: self.hash.clone(), hash }
    }

    /// Checks that a line is the unaltered next line of the chain.
    ///
    /// # Errors
    /// The first error of the line.
    pub fn check(&self, line: &Line) -> Result<(), Broken> {
        let broken = |why: String| Err(Broken { seq: line.seq, why });
        if line.seq != self.seq + 1 {
            return broken(format!("stands where line {} should be", self.seq + 1));
        }
        if line.previous_hash != self.hash {
            return broken("is not chained to the line before".into());
        }
        if line.hash != digest(line.seq, &line.entry, &line.previous_hash) {
            return broken("does not say what its hash was made of".into());
        }
        if self.at.is_some_and(|last| line.entry.at < last) {
            return broken("is of an earlier time than the line before".into());
        }
        Ok(())
    }
}

/// Checks the lines after a link, and returns the end of the chain.
///
/// # Errors
/// The first line that does not continue the chain.
pub fn verify<'l>(after: Link, lines: impl IntoIterator<Item = &'l Line>) -> Result<Link, Broken> {
    lines.into_iter().try_fold(after, |link, line| link.check(line).map(|()| line.link()))
}

/// SHA-256 of a line: its fields in order. A field is one byte 0 for null; otherwise one byte 1, the length in eight bytes (big endian)
/// and the text in UTF-8. So two different lines never give the same input.
fn digest(seq: i64, entry: &Entry, previous_hash: &str) -> String {
    let (seq, at) = (seq.to_string(), entry.at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string());
    let fields = [
        Some(&seq),
        Some(&at),
        entry.client.as_ref(),
        entry.organisation.as_ref(),
        entry.address.as_ref(),
        entry.request_id.as_ref(),
        Some(&entry.action),
        Some(&entry.subject),
        Some(&entry.outcome),
    ];
    let mut hash = Sha256::new();
    for field in fields.into_iter().map(|field| field.map(String::as_str)).chain([Some(previous_hash)]) {
        hash.update([u8::from(field.is_some())]);
        if let Some(text) = field {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        }
    }
    base16ct::lower::encode_string(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(subject: &str) -> Entry {
        Entry {
            at: "2026-11-21T02:00:00Z".parse().unwrap(),
            client: Some("c".into()),
            organisation: None,
            address: Some("10.0.0.1".into()),
            request_id: Some("r".into()),
            action: AuditAction::Submit.as_str().into(),
            subject: subject.into(),
            outcome: Outcome::Done.as_str().into(),
        }
    }

    fn beginning() -> Link {
        Link { seq: 0, hash: "0".repeat(64), at: None }
    }

    fn chain(subjects: &[&str]) -> Vec<Line> {
        let mut end = beginning();
        let next = |subject: &&str| {
            let line = end.next(entry(subject));
            end = line.link();
            line
        };
        subjects.iter().map(next).collect()
    }

    #[test]
    fn what_is_altered_removed_or_moved_breaks_the_chain() {
        type Tampering = fn(&mut Vec<Line>);
        let lines = chain(&["one", "two", "three", "four"]);
        assert_eq!(verify(beginning(), &lines).map(|link| link.seq), Ok(4));
        let cases: [(Tampering, Option<i64>, &str); 11] = [
            (|lines| lines[1].entry.subject = "zwei".into(), Some(2), "another subject"),
            (|lines| lines[1].entry.client = None, Some(2), "another client"),
            (|lines| lines[1].entry.organisation = Some(String::new()), Some(2), "an empty text is not null"),
            (|lines| lines[1].entry.at += chrono::TimeDelta::microseconds(1), Some(2), "another time"),
            (|lines| lines[1].entry.outcome = "unchanged".into(), Some(2), "another outcome"),
            (|lines| lines[1] = lines[0].link().next(entry("zwei")), Some(3), "a line with a hash of its own"),
            (|lines| drop(lines.remove(1)), Some(3), "a line less in the middle"),
            (|lines| drop(lines.remove(0)), Some(2), "the first line less"),
            (|lines| lines.swap(1, 2), Some(3), "two lines in another order"),
            (|lines| (lines[1].seq, lines[2].seq) = (3, 2), Some(3), "two lines with each other's number"),
            (|lines| drop(lines.pop()), None, "the last line less: what is cut off the end is not missed"),
        ];
        for (tamper, found, why) in cases {
            let mut altered = lines.clone();
            tamper(&mut altered);
            assert_eq!(verify(beginning(), &altered).err().map(|broken| broken.seq), found, "{why}");
        }
    }

    #[test]
    fn no_two_lines_read_alike() {
        let one = Entry { client: Some("a".into()), organisation: Some("bc".into()), ..entry("s") };
        let hash = |entry: &Entry| beginning().next(entry.clone()).hash;
        for (other, why) in [
            (Entry { client: Some("ab".into()), organisation: Some("c".into()), ..entry("s") }, "a letter moved to the next field"),
            (Entry { client: Some("abc".into()), organisation: None, ..entry("s") }, "both in one field"),
            (Entry { client: None, organisation: Some("abc".into()), ..entry("s") }, "both in the other"),
        ] {
            assert_ne!(hash(&other), hash(&one), "{why}");
        }
        // The README quotes this hash, for operators who check the chain against hashes stored elsewhere.
        assert_eq!(hash(&entry("s")), "5792150d914ffe8e21d2191789475c989fa05d1a8bc6122af7a2bacc359943ad");
    }

    #[test]
    fn times_never_go_back() {
        let first = beginning().next(entry("one"));
        let earlier = Entry { at: first.entry.at - chrono::TimeDelta::hours(1), ..entry("two") };

        let second = first.link().next(earlier.clone());
        assert_eq!(second.entry.at, first.entry.at, "the clock of another instance is behind");

        let forged = Line { hash: digest(2, &earlier, &first.hash), entry: earlier, ..second };
        assert_eq!(first.link().check(&forged).unwrap_err().why, "is of an earlier time than the line before");
    }
}
