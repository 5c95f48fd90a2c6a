package ai.callmeback.voice.call;

import ai.callmeback.domain.conversation.Brief;
import org.jspecify.annotations.Nullable;

/**
 * Another persona goes on with the talk: once the turn in which it was called for is over, or before anything else is
 * said. Prompt, voice, settings and fixed lines change; the conversation, the clock and the accounts stay.
 */
final class Succession {
    private final Floor floor;
    private final Phrases phrases;
    private Runnable introduction = () -> {};
    private @Nullable Brief next;

    Succession(Floor floor, Phrases phrases) {
        this.floor = floor;
        this.phrases = phrases;
    }

    /** @param says lets the new persona speak, when nobody else does */
    void introduce(Runnable says) {
        introduction = says;
    }

    /** Somebody is about to speak who does not know it yet. */
    boolean isDue() {
        return next != null;
    }

    /** The turn that called for it has said what it had to say. Whoever was called last takes over. */
    void handed(AgentTurn turn, Brief to) {
        next = to;
        if (floor.holder() == turn) {
            floor.mouth().finish(turn.number);
        } else if (floor.holder() == null) {
            introduction.run();
        }
    }

    /** From here on the new persona speaks; nobody may be speaking now. */
    void takeOver() {
        Brief to = next;
        if (to != null) {
            next = null;
            phrases.become(to);
            floor.become(to.mind());
        }
    }
}
