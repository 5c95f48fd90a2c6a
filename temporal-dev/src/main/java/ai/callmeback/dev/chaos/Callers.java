package ai.callmeback.dev.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What simulated callers say: talk without an end, each in an order of its own, drawn from the seed. Long answers, short
 * ones, and now and then a caller who cuts in. Nothing of it asks the persona for the same words twice in a row.
 */
final class Callers {
    private static final int ROUNDS = 150;
    private static final List<String> FOR_LONG_ANSWERS =
            List.of("Tell me a story.", "Tell me how to begin my morning.", "Can you tell me about your work?");
    private static final List<String> FOR_SHORT_ANSWERS = List.of(
            "My favourite colour is green.",
            "I spent the afternoon in the garden with my brother.",
            "How are you today?",
            "We had soup and bread for dinner.",
            "My sister is a doctor in the north.",
            "The neighbours have a new dog.");
    private static final List<String> FOR_CUTTING_IN =
            List.of("Wait, one moment please.", "The kettle has just begun to boil here.");

    private Callers() {}

    /** The steps of one caller, for longer than any call lasts. */
    static List<Map<String, Object>> script(Random random) {
        List<Map<String, Object>> steps = new ArrayList<>();
        String last = "";
        for (int round = 0; round < ROUNDS; round++) {
            steps.add(Map.of("do", "listen", "quietMillis", random.nextInt(800, 1600), "timeoutMillis", 20_000));
            boolean wantsMuch = random.nextInt(5) < 2;
            String words = other(wantsMuch ? FOR_LONG_ANSWERS : FOR_SHORT_ANSWERS, last, random);
            steps.add(Map.of("do", "say", "text", words));
            last = words;
            if (wantsMuch && random.nextInt(3) == 0) {
                last = other(FOR_CUTTING_IN, last, random);
                steps.add(Map.of("do", "interrupt", "afterWords", random.nextInt(8, 25), "text", last));
            }
        }
        return steps;
    }

    private static String other(List<String> all, String last, Random random) {
        String words = all.get(random.nextInt(all.size()));
        return words.equals(last) ? all.get((all.indexOf(words) + 1) % all.size()) : words;
    }
}
