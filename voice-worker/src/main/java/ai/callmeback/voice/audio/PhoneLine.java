package ai.callmeback.voice.audio;

/** The way out to the phone: one media stream. */
public interface PhoneLine {
    /** Plays this audio after all sent before; the array may be reused when this returns. */
    void media(byte[] mulaw, int offset, int length);

    /** Asks for an echo when everything sent before has been played. */
    void mark(String name);

    /** Drops everything not yet played; every pending mark is echoed at once. */
    void clear();

    /** Puts what was said since the last flush on the wire. */
    void flush();
}
