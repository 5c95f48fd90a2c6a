package ai.callmeback.simulators.phone;

/**
 * One call as the phone sees it, from ringing to its end. The exchange drives it, on the simulators' thread: every
 * 20 ms one {@link #slot}.
 */
public interface Handset {
    /** 20 ms of audio, 160 bytes of µ-law. */
    int SLOT_BYTES = 160;

    /** The length of a slot. */
    int SLOT_MILLIS = 20;

    /** The call arrives: the phone begins to ring, or turns it away at once. */
    void ringing();

    /** The call is up; slots follow. */
    void answered();

    /**
     * One slot of the call, in both directions.
     *
     * @param heard 160 bytes as played to the ear; silence where nothing was there to play
     * @param audioBytes how many of them came out of the playback buffer
     * @return 160 bytes as spoken into the phone; not modified or kept by the exchange beyond the slot
     */
    byte[] slot(byte[] heard, int audioBytes);

    /**
     * The playback buffer was emptied on request, so a gap that follows is wanted.
     *
     * @param somethingDropped there was audio in it, so what is being said is cut
     */
    void playbackCleared(boolean somethingDropped);

    /** The call is over, whoever ended it. Comes once. */
    void ended(String status);

    /** Who or what picked up, as answering machine detection would find out, and after how long. */
    Detection detection();

    /**
     * What answering machine detection finds.
     *
     * @param machine a machine and no person
     * @param afterMillis from the answer until the detector is sure
     * @param greetingMillis length of the machine's greeting; 0 for a person
     */
    record Detection(boolean machine, long afterMillis, long greetingMillis) {}
}
