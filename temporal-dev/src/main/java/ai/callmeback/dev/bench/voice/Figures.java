package ai.callmeback.dev.bench.voice;

/** How figures are shown. */
final class Figures {
    private Figures() {}

    static double round(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
