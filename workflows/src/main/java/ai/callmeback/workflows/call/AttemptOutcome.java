package ai.callmeback.workflows.call;

/** What one attempt to reach the person came to. */
sealed interface AttemptOutcome {
    record Answered() implements AttemptOutcome {}

    /** Another attempt may do better. */
    record NotReached(String reason) implements AttemptOutcome {}

    /** No attempt will do better. */
    record Refused(String code, String detail) implements AttemptOutcome {}

    record Canceled() implements AttemptOutcome {}
}
