package ai.callmeback.voice.audio;

/** Whether a turn is being played, or the phone was stopped in it. */
enum Pause {
    NONE,
    /** The phone was told to stop and has not said where it did. */
    STOPPING,
    /** As before, and playback is to go on as soon as it has. */
    STOPPING_BRIEFLY,
    STOPPED
}
