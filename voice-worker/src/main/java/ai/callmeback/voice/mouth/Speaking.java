package ai.callmeback.voice.mouth;

import ai.callmeback.voice.audio.Telephone;

/** One turn on its way to the voice. */
final class Speaking {
    static final long MILLIS_PER_CHARACTER = 65;

    private static final int UNCOUNTED_CHARACTERS = 2;

    final int turn;
    final SentenceSplitter splitter = new SentenceSplitter();
    /** Everything sent to the voice, with the space after each clause, so that failed text can be told from spoken. */
    final StringBuilder sent = new StringBuilder();

    String context = "";
    boolean contextOpen;
    boolean textOver;
    boolean contextClosed;
    private int charactersBack;

    Speaking(int turn) {
        this.turn = turn;
    }

    /** So many of the characters sent have come back as speech. */
    void cameBack(int characters) {
        charactersBack += characters;
    }

    /** What was sent and has not come back. */
    String owed() {
        return sent.substring(Math.min(charactersBack, sent.length()));
    }

    /** Whether more than the vendor's way to count is missing: it may leave out a space or a mark. */
    boolean owesWords() {
        return owed().strip().length() > UNCOUNTED_CHARACTERS;
    }

    /** About how long what is owed will sound. */
    long owedMillis() {
        return Math.max(0, sent.length() - charactersBack) * MILLIS_PER_CHARACTER;
    }

    /** The words that so much audio is likely to hold, if the vendor did not say. */
    String guess(int audioBytes) {
        int length = (int) Math.round((double) Telephone.millis(audioBytes) / MILLIS_PER_CHARACTER);
        String owed = owed();
        return owed.substring(0, Math.min(owed.length(), length));
    }

    /** Everything will be sent anew. */
    void startOver() {
        sent.setLength(0);
        charactersBack = 0;
    }
}
