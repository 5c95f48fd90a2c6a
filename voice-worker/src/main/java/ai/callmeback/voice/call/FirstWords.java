package ai.callmeback.voice.call;

/** What is said first on a leg: the greeting, or whatever the leg before left to be said. */
final class FirstWords {
    private final Dialogue dialogue;
    private final Floor floor;
    private final Phrases phrases;

    FirstWords(Dialogue dialogue, Floor floor, Phrases phrases) {
        this.dialogue = dialogue;
        this.floor = floor;
        this.phrases = phrases;
    }

    void say(CallSetup setup) {
        if (!setup.handOver()) {
            dialogue.say(phrases.opening(), true, null);
        } else if (floor.conversation().answerIsDue()) {
            dialogue.answer(0, null, Dialogue.LATE_AFTER_MILLIS);
        } else if (setup.carried() != null) {
            goOnQuietly(setup.carried());
        } else if (floor.conversation().agentWasCutOff()) {
            AgentTurn turn = dialogue.begin(0, true, null);
            floor.mouth().phrase(turn.number, phrases.resumeOwnWords());
            floor.mind().answer(turn.number, Notes.GO_ON, Dialogue.LATE_AFTER_MILLIS);
        } else {
            dialogue.say(phrases.resumeListening(), true, null);
        }
    }

    /** Nobody noticed that the worker changed: the rest of a turn is said, if there is one, and else nothing. */
    private void goOnQuietly(Carried carried) {
        if (!carried.isNothing()) {
            floor.mouth().goOn(dialogue.begin(0, true, null).number, carried.speech(), carried.rest());
        } else if (floor.conversation().agentWasCutOff()) {
            int turn = dialogue.begin(0, true, null).number;
            floor.mind().answer(turn, Notes.GO_ON_QUIETLY, Dialogue.LATE_AFTER_MILLIS);
        } else {
            dialogue.waitForUser();
        }
    }
}
