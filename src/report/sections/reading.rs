//! How to read a report, and what it can't show.

use super::super::document::Block;
use super::super::words::limit;
use crate::study::Results;

pub(super) fn how(results: &Results) -> Vec<Block> {
    let set: Vec<String> =
        results.limits.iter().map(|(name, value)| format!("{name}: {}", limit(name, value))).collect();
    vec![
        Block::Text(
            "A title is a work: one movie, episode or track. A file is one encode of it. A play is one playback as \
             a server would report it, and a ping is a set of fields of a play that leave together. Rounding puts \
             files that send the same into one class, and the attacker, who holds the whole catalogue and guesses \
             once, names the likeliest title of the class. Anonymity counts titles, not files: fifty encodes of one \
             movie hide nothing."
                .to_owned(),
        ),
        Block::Text(
            "Rates come under two priors. Over files (uniform), every file of the catalogue is equally likely to be \
             played. Over plays (popularity), files are played in proportion to their popularity; then even an \
             attacker who sees nothing names the most popular title, and that blind guess is what a rate must be \
             held against. Distortion is the weighted share of detail that rounding takes away: 0 % is everything \
             kept, 100 % is nothing sent. Where plays were asked, the choice goes by what they still tell instead: by the \
             questions that keep their answers, and by how much more traffic it takes to find a fault."
                .to_owned(),
        ),
        Block::Text("The choice is held to these limits, ping by ping:".to_owned()),
        Block::List(set),
    ]
}

pub(super) fn limits() -> Vec<Block> {
    let cannot = [
        "A catalogue is a sample of what an attacker can know. A file that no catalogue holds, such as a home video, \
         is judged only as far as it resembles those that do.",
        "The choice is held to its limits play by play and ping by ping. What linked plays, joined pings and arrival \
         times give away besides stands under “Who still wins”. A limit can be set for linked plays of one ping and for \
         known libraries; none for arrivals or for joined pings.",
        "Pings count as unlinkable. Whether they are depends on how they leave: no identifier, each on its own \
         delay, in no order. An address can join them again.",
        "Attackers who see other copies, partial plays or arrivals follow stated models: how often copies differ and \
         plays are left is assumed, not measured.",
        "What a play reports beside the file, such as bytes, is not in these classes. A completed play's played \
         duration is the file's duration, so it needs the same rounding or a coarser one.",
        "Popularity is the catalogue's own weight. Where that is a guess, so is every rate over plays.",
        "A known library is drawn title by title at random. A real one is somebody's taste, and can be easier or \
         harder than chance.",
        "The questions are put to simulated plays, and the widths are judged on the plays that chose them. Some of the \
         candidates cut where the questions do, so that an error of 0 is of these questions. What leaves of the player and \
         the playback beside the file's fields is as the policy to start from has it. Plays of a server are taken for \
         independent where traffic is told.",
        "Naming nobody's title can still tell something: a class of a single genre gives the genre away.",
    ];
    vec![Block::List(cannot.map(str::to_owned).to_vec())]
}
