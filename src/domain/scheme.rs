//! Schemes: how other parties make pseudonyms of NHS numbers, by name. The hashes are in `identity/compat.rs`.

/// A way in which another party makes pseudonyms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// `OpenPseudonymiser`: values in a stated order, blanks removed, salt appended, SHA-256.
    OpenPseudonymiser,
    /// NDRS `pseudo_id1`: `nhsnumber_`, the number, the salt, SHA-256.
    Ndrs,
    /// NDRS `pseudo_id2`: `birthdate_postcode_`, date of birth and postcode, the salt, SHA-256.
    NdrsBirthdatePostcode,
    /// The NDRS chain: `pseudoid_`, a pseudonym, the next salt, SHA-256.
    NdrsPseudoid,
    /// CRATE with HMAC-MD5 and a text key.
    CrateMd5,
    /// CRATE with HMAC-SHA-256 and a text key.
    CrateSha256,
    /// CRATE with HMAC-SHA-512 and a text key.
    CrateSha512,
}

impl Scheme {
    /// Every scheme.
    pub const ALL: [Self; 7] = [
        Self::OpenPseudonymiser,
        Self::Ndrs,
        Self::NdrsBirthdatePostcode,
        Self::NdrsPseudoid,
        Self::CrateMd5,
        Self::CrateSha256,
        Self::CrateSha512,
    ];

    /// Its name on the command line and in config.
    pub fn id(self) -> &'static str {
        [
            "openpseudonymiser",
            "ndrs",
            "ndrs_birthdate_postcode",
            "ndrs_pseudoid",
            "crate_md5",
            "crate_sha256",
            "crate_sha512",
        ][self as usize]
    }

    /// The scheme with this name.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scheme| scheme.id() == id)
    }

    /// Whether one NHS number is all that is hashed, so that its digests can be met in an extract.
    pub fn is_of_number(self) -> bool {
        !matches!(self, Self::NdrsBirthdatePostcode | Self::NdrsPseudoid)
    }

    /// Bytes of a digest.
    pub fn length(self) -> usize {
        match self {
            Self::CrateMd5 => 16,
            Self::CrateSha512 => 64,
            _ => 32,
        }
    }
}
