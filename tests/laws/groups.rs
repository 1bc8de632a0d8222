//! Groups of a category: written and read alike, and what is refused.

use coarsen::rounding::{Groups, RoundingError};
use proptest::prelude::*;

proptest! {
    /// Whatever can be built is written so that it reads back, and tells each value by its group.
    #[test]
    fn groups_read_back_as_written(
        names in prop::collection::btree_set("[A-Za-z0-9][ -~]{0,5}", 2..14), cut in 1usize..5,
    ) {
        let names: Vec<String> = names.into_iter().collect();
        let groups: Vec<(String, Vec<String>)> =
            names.chunks(cut).enumerate().map(|(at, values)| (format!("g{at}"), values.to_vec())).collect();
        let plain = |name: &String| !name.contains(['=', '|', ',']) && name.trim() == name;
        match Groups::new(groups.clone()) {
            Ok(built) => {
                prop_assert!(names.iter().all(plain));
                prop_assert_eq!(&Groups::parse(&built.to_string()).expect("as written"), &built);
                for (group, values) in &groups {
                    prop_assert!(values.iter().all(|value| built.name(value) == group));
                }
                prop_assert_eq!(built.name("\u{1}"), Groups::OTHER);
            }
            Err(error) => prop_assert!(!names.iter().all(plain), "{}", error),
        }
    }

    /// The proof of nesting is what comparing the names of all texts finds, one in no group of either standing for the
    /// rest of them.
    #[test]
    fn nesting_of_groups_is_that_of_their_names(
        fine in prop::collection::vec(prop::option::of(0..3usize), 6),
        coarse in prop::collection::vec(prop::option::of(0..3usize), 6),
    ) {
        let build = |of: &[Option<usize>]| {
            let members = |group| (0..of.len()).filter(move |&at| of[at] == Some(group)).map(|at| format!("v{at}"));
            let groups = (0..3).map(|group| (format!("g{group}"), members(group).collect::<Vec<String>>()));
            Groups::new(groups.filter(|(_, values)| !values.is_empty()).collect())
        };
        if let (Ok(fine), Ok(coarse)) = (build(&fine), build(&coarse)) {
            let texts: Vec<String> = (0..7).map(|at| format!("v{at}")).collect();
            let alike = |groups: &Groups, a: &String, b: &String| groups.name(a) == groups.name(b);
            let pairs = || texts.iter().flat_map(|a| texts.iter().map(move |b| (a, b)));
            let nested = pairs().all(|(a, b)| !alike(&fine, a, b) || alike(&coarse, a, b));
            prop_assert_eq!(fine.is_nested_in(&coarse), nested, "{} in {}", fine, coarse);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(groups:)?[a-c=|, \n]{0,12}") {
        if let Ok(groups) = Groups::parse(&text) {
            prop_assert_eq!(groups.to_string(), text.trim());
        }
    }
}

#[test]
fn bad_groups_are_refused_with_the_mend() {
    for (text, mend) in [
        ("groups:", "write it like `groups:SD=480p|576p,HD=720p|1080p`"),
        ("groups:a", "write it like `groups:SD=480p|576p,HD=720p|1080p`"),
        ("groups:=x", "an empty name: give it at least one character"),
        ("groups:a=", "an empty name: give it at least one character"),
        ("groups:a=x||y", "an empty name: give it at least one character"),
        ("groups:a=x,a=y", "the group stands twice: put its values together"),
        ("groups:a=x|x", "the value stands twice: remove one"),
        ("groups:a=x,b=x", "the value stands twice: remove one"),
        ("groups:a=x=y", "choose a name without them"),
        ("groups:a=x, b=y", "a space at an end: remove it"),
        ("groups:other=x", "leave its values out"),
    ] {
        let error = Groups::parse(text).expect_err(text).to_string();
        assert!(error.contains(mend), "{text}: {error}");
    }
    let none: Result<Groups, RoundingError> = Groups::new(Vec::new());
    assert!(none.is_err_and(|error| error.to_string().contains("write `drop`")));
    assert!(Groups::new(vec![("a".to_owned(), Vec::new())]).is_err());
}
