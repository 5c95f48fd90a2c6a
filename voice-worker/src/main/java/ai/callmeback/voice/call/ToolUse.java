package ai.callmeback.voice.call;

import ai.callmeback.domain.conversation.JournalKind;
import ai.callmeback.vendors.llm.LlmEvent;
import ai.callmeback.voice.loop.CallLoop;

/** Has done what the model asks for in a turn, and lets it go on with what came of it. */
final class ToolUse {
    private final CallLoop loop;
    private final Floor floor;
    private final Ending ending;
    private final Tools tools;
    private final CallJournal journal;
    private final Succession succession;

    ToolUse(CallLoop loop, Floor floor, Ending ending, Tools tools, CallJournal journal, Succession succession) {
        this.loop = loop;
        this.floor = floor;
        this.ending = ending;
        this.tools = tools;
        this.journal = journal;
        this.succession = succession;
    }

    /** Nothing is done on a guess: a held turn asks again when it is released. */
    void asked(AgentTurn turn, LlmEvent.ToolCall call, long lateAfterMillis) {
        if (floor.isHeld(turn)) {
            turn.wanted = call;
            return;
        }
        var unused = tools.run(call, turn.number)
                .thenAccept(outcome -> loop.execute(() -> answered(turn, call, outcome, lateAfterMillis)));
    }

    /** A turn that was interrupted meanwhile does not tell of it, but the persona knows. */
    private void answered(AgentTurn turn, LlmEvent.ToolCall call, CallTools.Outcome outcome, long lateAfterMillis) {
        Detail note = Detail.of("tool", Tools.known(call.name()));
        switch (outcome) {
            case CallTools.Outcome.Done done -> floor.conversation().done(done.told());
            case CallTools.Outcome.Handed handed ->
                note.with("to", handed.to().voice().personaId());
            case CallTools.Outcome.Refused refused -> note.with("refused", refused.code());
        }
        journal.add(CallJournal.Line.detail(JournalKind.NOTE, turn.number, note.json()));
        if (outcome instanceof CallTools.Outcome.Handed handed) {
            succession.handed(turn, handed.to());
        } else if (floor.turn(turn.number) == turn && ending.isTalking()) {
            floor.mind().goOn(turn.number, call, Tools.json(outcome), lateAfterMillis);
        }
    }
}
