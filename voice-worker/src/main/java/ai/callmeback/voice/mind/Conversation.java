package ai.callmeback.voice.mind;

import ai.callmeback.domain.conversation.Turn;
import ai.callmeback.vendors.llm.LlmMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What has been said, as both sides heard it. A turn of the agent counts as far as the phone played it: while it is being
 * settled, as far as that can be told now.
 *
 * <p>Bound: the last {@value #MOST_TURNS} turns; older ones are forgotten (a call of 15 minutes has far fewer).
 */
public final class Conversation {
    static final int MOST_TURNS = 400;
    static final int MOST_DONE = 20;

    private static final class Entry {
        final int turn;
        final boolean user;
        /** Null while the agent's turn is not settled. */
        @Nullable
        String text;

        boolean cut;

        Entry(int turn, boolean user, @Nullable String text) {
            this.turn = turn;
            this.user = user;
            this.text = text;
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private final IntFunction<String> heardSoFar;
    private int lastNumber;

    /**
     * @param before turns of earlier legs and attempts, as heard
     * @param lastTurn the highest number a turn has had
     * @param heardSoFar what has been heard by now of a turn of the agent that is not settled
     */
    public Conversation(List<Turn> before, int lastTurn, IntFunction<String> heardSoFar) {
        this.heardSoFar = heardSoFar;
        this.lastNumber = lastTurn;
        for (Turn turn : before) {
            Entry entry = new Entry(turn.number(), turn.speaker() == Turn.Speaker.USER, turn.text());
            entry.cut = turn.interrupted();
            add(entry);
            lastNumber = Math.max(lastNumber, turn.number());
        }
    }

    /** The number of the next turn, of either side. */
    public int nextTurn() {
        return ++lastNumber;
    }

    /** The user's turn is over. */
    public void userSaid(int turn, String text) {
        add(new Entry(turn, true, text));
    }

    /** The user did not say this after all, or not yet all of it. */
    public void userTakesBack(int turn) {
        entries.removeIf(entry -> entry.user && entry.turn == turn);
    }

    /** The agent's turn begins. */
    public void agentBegins(int turn) {
        add(new Entry(turn, false, null));
    }

    /** Nothing more will be heard of the agent's turn; if nothing was heard at all it never happened. */
    public void agentHeard(int turn, String heard, boolean complete) {
        for (Entry entry : entries) {
            if (!entry.user && entry.turn == turn) {
                entry.text = heard;
                entry.cut = !complete;
            }
        }
        entries.removeIf(entry -> !entry.user && entry.turn == turn && heard.isBlank());
    }

    /** Something was done that no turn may ever tell of; beyond {@value #MOST_DONE} such things the oldest is forgotten. */
    public void done(String what) {
        if (done.size() == MOST_DONE) {
            done.removeFirst();
        }
        done.add(what);
    }

    /** Whether the last word was the user's, so that an answer is due. */
    public boolean answerIsDue() {
        return !entries.isEmpty() && entries.getLast().user;
    }

    /** Whether the agent was cut off in its last turn. */
    public boolean agentWasCutOff() {
        return !entries.isEmpty() && !entries.getLast().user && entries.getLast().cut;
    }

    /** What the agent said last, as heard; empty if nothing was. */
    public String lastWordsOfAgent() {
        for (Entry entry : entries.reversed()) {
            if (!entry.user) {
                return entry.text == null ? heardSoFar.apply(entry.turn) : entry.text;
            }
        }
        return "";
    }

    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** The conversation as a model wants it: turns of the same side in a row become one message. */
    public List<LlmMessage> messages(String systemPrompt, @Nullable String note) {
        List<LlmMessage> messages = new ArrayList<>();
        messages.add(new LlmMessage.SystemPrompt(done.isEmpty() ? systemPrompt : systemPrompt + doneInWords()));
        StringBuilder run = new StringBuilder();
        boolean runIsUser = false;
        for (Entry entry : entries) {
            String text = entry.text == null ? heardSoFar.apply(entry.turn) : entry.text;
            if (text.isBlank()) {
                continue;
            }
            if (!run.isEmpty() && runIsUser != entry.user) {
                messages.add(message(runIsUser, run.toString()));
                run.setLength(0);
            }
            runIsUser = entry.user;
            run.append(run.isEmpty() ? "" : " ").append(text);
            if (entry.cut) {
                run.append(" \u2014");
            }
        }
        if (!run.isEmpty()) {
            messages.add(message(runIsUser, run.toString()));
        }
        if (note != null) {
            messages.add(new LlmMessage.SystemPrompt(note));
        }
        return messages;
    }

    private String doneInWords() {
        return "\n\n## Done in this call, by you\n- " + String.join("\n- ", done);
    }

    private void add(Entry entry) {
        if (entries.size() == MOST_TURNS) {
            entries.removeFirst();
        }
        entries.add(entry);
    }

    private static LlmMessage message(boolean user, String text) {
        return user ? new LlmMessage.User(text) : new LlmMessage.Assistant(text);
    }
}
