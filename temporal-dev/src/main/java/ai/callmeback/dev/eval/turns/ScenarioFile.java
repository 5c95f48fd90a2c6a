package ai.callmeback.dev.eval.turns;

import ai.callmeback.dev.eval.turns.Scenario.Moment;
import ai.callmeback.dev.eval.turns.Scenario.Piece;
import ai.callmeback.dev.eval.turns.Scenario.UserTurn;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The scenarios as text, one a line; the file explains its own notation. Every line is drawn several times, each time with
 * other pauses and moments.
 */
final class ScenarioFile {
    private static final String RESOURCE = "/eval/turns.txt";
    private static final int DRAWS = 3;
    private static final Pattern TOKEN = Pattern.compile("\\{(\\d+)-(\\d+)}|<(\\d+)-(\\d+)>");
    private static final Pattern PREFIX = Pattern.compile("^\\[(after|over|mhm) (\\d+)-(\\d+)]\\s*");

    private ScenarioFile() {}

    static List<Scenario> read(long seed) {
        try (InputStream in = ScenarioFile.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), seed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Scenario> parse(String text, long seed) {
        List<Scenario> all = new ArrayList<>();
        int lineNumber = 0;
        for (String raw : text.split("\n", -1)) {
            lineNumber++;
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] parts = line.split("\\s*\\|\\s*", 3);
            if (parts.length < 3 || !(parts[1].equals("tuned") || parts[1].equals("aside"))) {
                throw new IllegalArgumentException("line " + lineNumber + " is not 'kind | tuned or aside | turns'");
            }
            for (int draw = 0; draw < DRAWS; draw++) {
                long own = new Random(seed * 1_000_003 + lineNumber * 31L + draw).nextLong();
                Random random = new Random(own);
                List<UserTurn> turns = new ArrayList<>();
                for (String turn : parts[2].split("\\s+/\\s+", -1)) {
                    turns.add(turn(turn, random));
                }
                all.add(new Scenario(parts[0], all.size() + 1, parts[1].equals("aside"), own, turns));
            }
        }
        return all;
    }

    private static UserTurn turn(String text, Random random) {
        Matcher prefix = PREFIX.matcher(text);
        boolean prefixed = prefix.find();
        String kind = prefixed ? prefix.group(1) : "after";
        int millis = prefixed ? between(prefix.group(2), prefix.group(3), random) : 250 + random.nextInt(500);
        List<Piece> pieces = pieces(prefixed ? text.substring(prefix.end()) : text, random);
        boolean words = pieces.stream().anyMatch(Piece.Words.class::isInstance);
        return new UserTurn(
                kind.equals("after") ? Moment.AFTER : Moment.OVER, millis, words && !kind.equals("mhm"), pieces);
    }

    private static List<Piece> pieces(String text, Random random) {
        List<Piece> pieces = new ArrayList<>();
        Matcher token = TOKEN.matcher(text);
        int at = 0;
        while (token.find()) {
            words(text.substring(at, token.start()), pieces);
            pieces.add(
                    token.group(1) != null
                            ? new Piece.Pause(between(token.group(1), token.group(2), random))
                            : new Piece.Noise(between(token.group(3), token.group(4), random)));
            at = token.end();
        }
        words(text.substring(at), pieces);
        return pieces;
    }

    private static void words(String text, List<Piece> pieces) {
        if (!text.isBlank()) {
            pieces.add(new Piece.Words(text.strip()));
        }
    }

    private static int between(String least, String most, Random random) {
        int from = Integer.parseInt(least);
        return from + random.nextInt(Integer.parseInt(most) - from + 1);
    }
}
