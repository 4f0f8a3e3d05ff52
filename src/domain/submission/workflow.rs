//! The workflow of submissions: from the draft of an officer to published figures, with the roles for each step.
//! One table of states and steps. Nobody may approve a submission that they wrote or submitted.

use crate::domain::fault::{Code, Fault, code_list};
use crate::domain::language::Language;
use crate::domain::message::{Bilingual, message};

code_list! {
    /// The state of a submission.
    pub enum State {
        /// A draft; it is not open for review.
        Draft = "draft",
        /// Waiting for review.
        Submitted = "submitted",
        /// Approved: the figures are published.
        Approved = "approved",
        /// Returned with a comment, for correction and a new submission.
        Returned = "returned",
        /// Withdrawn before publication.
        Withdrawn = "withdrawn",
    }
}

impl Bilingual for State {
    fn in_language(&self, language: Language) -> String {
        let word = match (language, self) {
            (Language::English, state) => state.as_str(),
            (Language::Vietnamese, State::Draft) => "còn là bản nháp",
            (Language::Vietnamese, State::Submitted) => "đang chờ duyệt",
            (Language::Vietnamese, State::Approved) => "đã duyệt",
            (Language::Vietnamese, State::Returned) => "đã trả lại",
            (Language::Vietnamese, State::Withdrawn) => "đã rút",
        };
        word.to_owned()
    }
}

code_list! {
    /// A step in the workflow of a submission.
    pub enum Action {
        /// Replace its rows.
        Edit = "edit",
        /// Submit it for review. The submissions of a trusted organisation are published at once.
        Submit = "submit",
        /// Publish its figures.
        Approve = "approve",
        /// Return it with a comment.
        Return = "return",
        /// Withdraw it.
        Withdraw = "withdraw",
    }
}

code_list! {
    /// A warning that an approval can acknowledge.
    pub enum ReviewWarning {
        /// The stored figure of a row is another revision than when the submission was last submitted.
        ChangedSinceSubmitted = "changed_since_submitted",
    }
}

/// What the client of a step says about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remark {
    /// The comment.
    pub comment: Option<String>,
    /// The reason to approve rows whose stored figures have changed since the submission; `None` refuses them.
    pub changes_accepted: Option<String>,
}

impl Remark {
    /// The comment of the step, with the reason.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        let texts: Vec<&str> = [&self.comment, &self.changes_accepted].into_iter().flatten().map(String::as_str).collect();
        (!texts.is_empty()).then(|| texts.join("\n"))
    }
}

/// The role of a caller for a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    /// Whether the caller submits for the organisation of the submission.
    pub sends: bool,
    /// Whether the caller reviews the submissions of that organisation.
    pub reviews: bool,
    /// Whether the caller wrote or submitted it.
    pub took_part: bool,
}

/// The state after a step; `None` if the step is not possible.
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
/// `wrong_state`, with the possible steps; `step_not_allowed` if the caller does not have the role for it; `four_eyes` if the caller
/// would approve its own submission.
pub fn take(state: State, action: Action, actor: Actor, trusted: bool) -> Result<State, Fault> {
    let Some(next) = next(state, action, trusted) else {
        let message = message!(
            en: "a submission that is {state} cannot take the step `{}`",
            vi: "báo cáo {state} không thực hiện được bước `{}`"; state; action.as_str()
        );
        return Err(Fault::new(Code::WrongState, message).allowing(may(state, actor).into_iter().map(Action::as_str)));
    };
    match action {
        Action::Edit | Action::Submit | Action::Withdraw if !actor.sends => Err(Fault::new(
            Code::StepNotAllowed,
            message!(
                en: "`{}` is for the organisation that sent it",
                vi: "bước `{}` do cơ quan gửi báo cáo thực hiện", action.as_str()
            ),
        )),
        Action::Approve | Action::Return if !actor.reviews => Err(Fault::new(
            Code::StepNotAllowed,
            message!(
                en: "`{}` is for who reviews what the organisation sends",
                vi: "bước `{}` do người duyệt báo cáo của cơ quan này thực hiện", action.as_str()
            ),
        )),
        Action::Approve if actor.took_part => Err(Fault::new(
            Code::FourEyes,
            message!(
                en: "who wrote or submitted it does not approve it: somebody else has to look at it",
                vi: "người lập hoặc gửi báo cáo không được tự duyệt: cần một người khác duyệt"
            ),
        )),
        _ => Ok(next),
    }
}

/// The steps that the caller may take now.
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

    /// Sender, reviewer, both, both after taking part in it, and a stranger.
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
