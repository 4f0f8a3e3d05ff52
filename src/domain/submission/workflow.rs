//! The workflow of submissions: from the draft of a clerk to figures that are published, and who may take which step.
//! One table of states and steps; nobody approves what they wrote or submitted themselves.

use crate::domain::fault::{Code, Fault, code_list};

code_list! {
    /// Where a submission stands.
    pub enum State {
        /// Being written: nobody reviews it yet.
        Draft = "draft",
        /// Waiting for review.
        Submitted = "submitted",
        /// Published.
        Approved = "approved",
        /// Sent back with a comment, to be mended and submitted again.
        Returned = "returned",
        /// Taken back before it was published.
        Withdrawn = "withdrawn",
    }
}

code_list! {
    /// A step that a submission can take.
    pub enum Action {
        /// Its rows are replaced.
        Edit = "edit",
        /// It is handed in for review; of an organisation that is trusted it is published at once.
        Submit = "submit",
        /// Its figures are published.
        Approve = "approve",
        /// It is sent back with a comment.
        Return = "return",
        /// It is taken back.
        Withdraw = "withdraw",
    }
}

/// What somebody has to do with a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    /// Whether they submit for the organisation that sent it.
    pub sends: bool,
    /// Whether they review what that organisation sends.
    pub reviews: bool,
    /// Whether they wrote or submitted it themselves.
    pub took_part: bool,
}

/// Where a step leads; `None` where it cannot be taken.
#[must_use]
pub fn next(state: State, action: Action, trusted: bool) -> Option<State> {
    match (state, action) {
        (State::Draft | State::Returned, Action::Edit) => Some(state),
        (State::Draft | State::Returned, Action::Submit) => Some(if trusted { State::Approved } else { State::Submitted }),
        (State::Submitted, Action::Approve) => Some(State::Approved),
        (State::Submitted, Action::Return) => Some(State::Returned),
        (State::Draft | State::Submitted | State::Returned, Action::Withdraw) => Some(State::Withdrawn),
        (State::Draft | State::Returned, Action::Approve | Action::Return)
        | (State::Submitted, Action::Edit | Action::Submit)
        | (State::Approved | State::Withdrawn, _) => None,
    }
}

/// Takes a step.
///
/// # Errors
/// `wrong_state`, with the steps that can be taken from there; `step_not_allowed` for who has no part in it; `four_eyes` for who
/// would approve their own.
pub fn take(state: State, action: Action, actor: Actor, trusted: bool) -> Result<State, Fault> {
    let Some(next) = next(state, action, trusted) else {
        let message = format!("a submission that is {} cannot take the step `{}`", state.as_str(), action.as_str());
        return Err(Fault::new(Code::WrongState, message).allowing(may(state, actor).into_iter().map(Action::as_str)));
    };
    match action {
        Action::Edit | Action::Submit | Action::Withdraw if !actor.sends => {
            Err(Fault::new(Code::StepNotAllowed, format!("`{}` is for the organisation that sent it", action.as_str())))
        }
        Action::Approve | Action::Return if !actor.reviews => {
            Err(Fault::new(Code::StepNotAllowed, format!("`{}` is for who reviews what the organisation sends", action.as_str())))
        }
        Action::Approve if actor.took_part => {
            Err(Fault::new(Code::FourEyes, "who wrote or submitted it does not approve it: somebody else has to look at it"))
        }
        _ => Ok(next),
    }
}

/// The steps that somebody may take now.
#[must_use]
pub fn may(state: State, actor: Actor) -> Vec<Action> {
    let all = [Action::Edit, Action::Submit, Action::Approve, Action::Return, Action::Withdraw];
    all.into_iter().filter(|action| next(state, *action, false).is_some() && take(state, *action, actor, false).is_ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATES: [State; 5] = [State::Draft, State::Submitted, State::Approved, State::Returned, State::Withdrawn];
    const ACTIONS: [Action; 5] = [Action::Edit, Action::Submit, Action::Approve, Action::Return, Action::Withdraw];

    /// Sender, reviewer, both, both but had a hand in it, and a stranger.
    const SENDER: Actor = Actor { sends: true, reviews: false, took_part: true };
    const COLLEAGUE: Actor = Actor { sends: true, reviews: true, took_part: false };
    const LONER: Actor = Actor { sends: true, reviews: true, took_part: true };
    const REVIEWER: Actor = Actor { sends: false, reviews: true, took_part: false };
    const STRANGER: Actor = Actor { sends: false, reviews: false, took_part: false };

    #[test]
    fn every_step_from_every_state_has_its_answer() {
        // Steps in the order edit, submit, approve, return, withdraw.
        for (state, steps) in [
            (State::Draft, ["draft", "submitted", "wrong_state", "wrong_state", "withdrawn"]),
            (State::Submitted, ["wrong_state", "wrong_state", "approved", "returned", "withdrawn"]),
            (State::Approved, ["wrong_state", "wrong_state", "wrong_state", "wrong_state", "wrong_state"]),
            (State::Returned, ["returned", "submitted", "wrong_state", "wrong_state", "withdrawn"]),
            (State::Withdrawn, ["wrong_state", "wrong_state", "wrong_state", "wrong_state", "wrong_state"]),
        ] {
            for (action, expected) in ACTIONS.into_iter().zip(steps) {
                let taken = take(state, action, COLLEAGUE, false).map_or_else(|fault| fault.code.as_str(), State::as_str);
                assert_eq!(taken, expected, "{} {}", state.as_str(), action.as_str());
                let trusted = take(state, action, COLLEAGUE, true).map_or_else(|fault| fault.code.as_str(), State::as_str);
                assert_eq!(
                    trusted,
                    if expected == "submitted" { "approved" } else { expected },
                    "trusted, {} {}",
                    state.as_str(),
                    action.as_str()
                );
            }
        }
    }

    #[test]
    fn who_may_take_which_step() {
        for (who, actor, steps) in [
            ("the sender", SENDER, ["edit submit withdraw", "withdraw", "", "edit submit withdraw", ""]),
            ("a colleague who reviews", COLLEAGUE, ["edit submit withdraw", "approve return withdraw", "", "edit submit withdraw", ""]),
            ("a sender who reviews", LONER, ["edit submit withdraw", "return withdraw", "", "edit submit withdraw", ""]),
            ("a reviewer", REVIEWER, ["", "approve return", "", "", ""]),
            ("a stranger", STRANGER, ["", "", "", "", ""]),
        ] {
            for (state, expected) in STATES.into_iter().zip(steps) {
                let steps: Vec<&str> = may(state, actor).into_iter().map(Action::as_str).collect();
                assert_eq!(steps.join(" "), expected, "{who}, {}", state.as_str());
            }
        }
        let refusal = |actor, action| take(State::Submitted, action, actor, false).unwrap_err().code;
        assert_eq!(refusal(LONER, Action::Approve), Code::FourEyes);
        assert_eq!(refusal(SENDER, Action::Approve), Code::StepNotAllowed);
        assert_eq!(refusal(REVIEWER, Action::Withdraw), Code::StepNotAllowed);
    }
}
