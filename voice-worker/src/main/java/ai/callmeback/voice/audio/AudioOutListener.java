package ai.callmeback.voice.audio;

/** What {@link AudioOut} reports, on the call's loop. */
public interface AudioOutListener {
    /** The first frame of the turn was handed to the socket. */
    void onFirstAudio(int turn);

    /** The phone has played this turn's audio up to here. */
    void onHeardUpTo(int turn, long positionMillis);

    /** Nothing more will be heard of this turn: either all of it was played, or it was cut at this position. */
    void onSettled(int turn, long positionMillis, boolean complete);
}
