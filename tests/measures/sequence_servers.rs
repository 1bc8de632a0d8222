//! The server of linked plays: against the enumeration of all rows of plays, and the laws.

use coarsen::attack::Trial;
use coarsen::attack::sequence::{LENGTHS, LinkedPlays, Owned};
use coarsen::catalogue::stream::{Stream, stream};
use proptest::prelude::*;
use rand::RngExt;

const CASES: u32 = 32;
/// False-alarm rate of this whole file: three numbers of plays in each case.
const FALSE_ALARM: f64 = 1e-6 / (CASES as f64 * 3.0);
const FILES: u32 = 8;

/// Libraries, how often each file is played, and the class of each.
type World = (Vec<Vec<u32>>, Vec<u64>, Vec<u32>);

fn world() -> impl Strategy<Value = World> {
    let library = prop::sample::subsequence((0..FILES).collect::<Vec<u32>>(), 1..=5);
    let libraries = prop::collection::vec(library, 1..6);
    let weights = prop::collection::vec(1u64..5, FILES as usize);
    (libraries, weights, prop::collection::vec(0u32..6, FILES as usize))
}

/// P(class | server), for each class.
fn emits((libraries, weights, class_of): &World) -> Vec<Vec<f64>> {
    let of_server = |files: &Vec<u32>| {
        let all: u64 = files.iter().map(|&file| weights[file as usize]).sum();
        let mut shares = vec![0.0; FILES as usize];
        files.iter().for_each(|&file| {
            shares[class_of[file as usize] as usize] += weights[file as usize] as f64 / all as f64;
        });
        shares
    };
    libraries.iter().map(of_server).collect()
}

/// Every row of so many classes, and for each the server that shows it most often.
fn naive(world: &World, plays: u32) -> f64 {
    let emits = emits(world);
    let best = |row: u32| {
        let classes = (0..plays).map(|at| (row / FILES.pow(at) % FILES) as usize);
        let chance = |shares: &Vec<f64>| classes.clone().map(|class| shares[class]).product::<f64>();
        emits.iter().map(chance).fold(0.0, f64::max)
    };
    (0..FILES.pow(plays)).map(best).sum::<f64>() / emits.len() as f64
}

/// Plays drawn here, not by the model of servers.
fn drawn((libraries, weights, _): &World, draws: u32, random: &mut Stream) -> LinkedPlays {
    let one = |_| {
        let server = random.random_range(0..libraries.len());
        let files = &libraries[server];
        let of = |file: &u32| std::iter::repeat_n(*file, weights[*file as usize] as usize);
        let all: Vec<u32> = files.iter().flat_map(of).collect();
        (server as u32, std::array::from_fn(|_| all[random.random_range(0..all.len())]))
    };
    LinkedPlays::of((0..draws).map(one).collect())
}

fn owned((libraries, weights, _): &World, class_of: &[u32]) -> Owned {
    Owned::of(libraries, |file| weights[file], class_of)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn the_server_is_named_as_often_as_all_rows_of_plays_say(world in world(), seed: u64) {
        let owned = owned(&world, &world.2);
        prop_assert!((owned.one_play() - naive(&world, 1)).abs() < 1e-12);
        let plays = drawn(&world, 2_000, &mut stream(seed, "servers' plays", 0));
        let found = owned.run(&plays, &world.2);
        prop_assert_eq!(found.iter().map(|(plays, _)| *plays).collect::<Vec<_>>(), LENGTHS);
        for (plays, trial) in &found[..3] {
            let exact = naive(&world, *plays);
            prop_assert!(trial.agrees_with(exact, FALSE_ALARM), "{plays}: {trial:?} against {exact}");
        }
    }

    /// The closed form as it is, and the Bayes attacker of more plays.
    #[test]
    fn coarser_never_names_more(world in world(), merged in prop::collection::vec(0u32..3, 6)) {
        let coarse: Vec<u32> = world.2.iter().map(|&class| merged[class as usize]).collect();
        let fine = owned(&world, &world.2).one_play();
        prop_assert!(owned(&world, &coarse).one_play() <= fine + 1e-12);
        let merged = (world.0.clone(), world.1.clone(), coarse);
        prop_assert!(naive(&merged, 2) <= naive(&world, 2) + 1e-12);
        prop_assert!(naive(&world, 1) <= naive(&world, 2) + 1e-12, "more plays");
    }
}

#[test]
fn nothing_is_a_blind_guess_and_libraries_of_their_own_are_known_at_once() {
    let libraries: Vec<Vec<u32>> = (0..20).map(|server| vec![2 * server, 2 * server + 1]).collect();
    let world: World = (libraries, vec![1; 40], (0..40).collect());
    let plays = drawn(&world, 4_000, &mut stream(1, "servers' plays", 0));
    let raw = owned(&world, &world.2);
    assert!((raw.one_play() - 1.0).abs() < 1e-12);
    assert!(raw.run(&plays, &world.2).iter().all(|(_, trial)| trial.hits == 4_000));
    let nothing = owned(&world, &[0; 40]);
    assert!((nothing.one_play() - 0.05).abs() < 1e-12);
    for (plays, trial) in nothing.run(&plays, &[0; 40]) {
        assert!(trial.agrees_with(0.05, 1e-6 / 6.0), "{plays}: {trial:?}");
    }
    // No server, no play.
    assert_eq!(Owned::of(&[], |_| 1, &[]).one_play(), 0.0);
    let none = Owned::of(&[], |_| 1, &[]).run(&LinkedPlays::of(Vec::new()), &[]);
    assert!(none.iter().all(|(_, trial)| *trial == Trial::new(0, 0)));
}
