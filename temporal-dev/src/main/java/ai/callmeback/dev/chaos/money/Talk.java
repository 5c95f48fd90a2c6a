package ai.callmeback.dev.chaos.money;

import java.util.List;
import java.util.Map;
import java.util.Random;

/** What a caller does: three in four talk long enough to be charged, the others put down the receiver at once. */
final class Talk {
    private Talk() {}

    static List<Map<String, Object>> script(Random random) {
        Map<String, Object> listen = Map.of("do", "listen", "timeoutMillis", 8_000);
        if (random.nextInt(4) == 0) {
            return List.of(listen, Map.of("do", "say", "text", "I cannot speak now, goodbye."), Map.of("do", "hangUp"));
        }
        return List.of(
                listen,
                Map.of("do", "say", "text", "I spent the afternoon in the garden with my brother."),
                listen,
                Map.of("do", "say", "text", "The neighbours have a new dog, and my sister is a doctor in the north."),
                listen,
                Map.of("do", "say", "text", "We had soup and bread for dinner. Thank you and goodbye."),
                Map.of("do", "listen", "timeoutMillis", 3_000),
                Map.of("do", "hangUp"));
    }
}
