//! Matches paths against patterns, as in `.gitignore`.

/// Returns whether a path matches a pattern. `*` and `?` match characters of one name, `**` matches any number of folders.
pub(super) fn matches_path(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
    matches_names(&pattern, &path)
}

fn matches_names(pattern: &[&str], names: &[&str]) -> bool {
    match pattern {
        [] => names.is_empty(),
        ["**"] => !names.is_empty(),
        ["**", rest @ ..] => (0..names.len()).any(|skipped| matches_names(rest, &names[skipped..])),
        [first, rest @ ..] => names.split_first().is_some_and(|(name, others)| {
            let (first, name): (Vec<_>, Vec<_>) = (first.chars().collect(), name.chars().collect());
            matches_name(&first, &name) && matches_names(rest, others)
        }),
    }
}

/// Matches one name. Only the last star is retried with more characters: if the rest does not match after it, it does not
/// match after an earlier star either.
fn matches_name(pattern: &[char], name: &[char]) -> bool {
    let (mut at, mut position, mut star) = (0, 0, None);
    while position < name.len() {
        match match_one(&pattern[at..], name[position]) {
            Some(length) => (at, position) = (at + length, position + 1),
            None if pattern.get(at) == Some(&'*') => {
                star = Some((at, position));
                at += 1;
            }
            None => {
                let Some((last, start)) = star else { return false };
                star = Some((last, start + 1));
                (at, position) = (last + 1, start + 1);
            }
        }
    }
    pattern[at..].iter().all(|character| *character == '*')
}

/// Returns the length of the pattern's first element if it matches this character. An element is a character, `?`, or a set
/// such as `[a-z]` or `[!a-z]`.
fn match_one(pattern: &[char], character: char) -> Option<usize> {
    match *pattern {
        ['*', ..] | [] => None,
        ['?', ..] => Some(1),
        ['\\', escaped, ..] => (escaped == character).then_some(2),
        ['[', ref set @ ..] => {
            let is_inverse = matches!(set, ['!' | '^', ..]);
            let set = &set[usize::from(is_inverse)..];
            // A bracket at the start belongs to the set.
            let length = 1 + set.iter().skip(1).position(|character| *character == ']')?;
            let mut ranges = &set[..length];
            let mut is_in_set = false;
            while let [first, others @ ..] = ranges {
                (is_in_set, ranges) = match others {
                    ['-', last, others @ ..] => (is_in_set || (*first..=*last).contains(&character), others),
                    others => (is_in_set || *first == character, others),
                };
            }
            (is_in_set != is_inverse).then_some(length + 2 + usize::from(is_inverse))
        }
        [literal, ..] => (literal == character).then_some(1),
    }
}

#[cfg(test)]
mod tests {
    use super::matches_path;

    #[test]
    fn stars_sets_and_folders_match() {
        for (pattern, path, expected) in [
            ("*.json", "a.json", true),
            ("*.json", "a.jsonl", false),
            ("a*b*c", "axxbyybzc", true),
            ("a*b*c", "axxbyybz", false),
            ("*", "", true),
            ("?.json", "é.json", true),
            ("[Dd]ebug", "debug", true),
            ("[!a-c]x", "dx", true),
            ("[!a-c]x", "bx", false),
            ("[]a]x", "]x", true),
            ("[ab", "a", false),
            ("\\*x", "*x", true),
            ("\\*x", "yx", false),
            ("a/*", "a/b/c", false),
            ("a/**", "a/b/c", true),
            ("a/**", "a", false),
            ("**/c", "a/b/c", true),
            ("**/c", "c", true),
            ("a/**/c", "a/c", true),
            ("a/**/c", "a/b/b/c", true),
        ] {
            assert_eq!(matches_path(pattern, path), expected, "{pattern} {path}");
        }
        assert!(!matches_path(&format!("{}b", "*a".repeat(100)), &"a".repeat(10_000)));
    }
}
