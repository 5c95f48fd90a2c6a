package ai.callmeback.dev.bench.voice;

import java.util.Collection;

/** Milliseconds; all zero where nothing was measured. */
public record Latency(double p50, double p95, double p99, double max) {
    static Latency of(Collection<Double> millis) {
        double[] sorted =
                millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new Latency(
                percentile(sorted, 0.50), percentile(sorted, 0.95), percentile(sorted, 0.99), percentile(sorted, 1));
    }

    private static double percentile(double[] sorted, double share) {
        return sorted.length == 0
                ? 0
                : Figures.round(sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
    }
}
