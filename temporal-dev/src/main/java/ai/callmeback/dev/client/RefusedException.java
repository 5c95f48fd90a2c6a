package ai.callmeback.dev.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** An answer that is no success. The message says all of it; {@link #words} what a person should know. */
public final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final List<Integer> OF_INPUT = List.of(400, 404, 409, 413);

    private final int status;
    private final String body;

    RefusedException(String request, int status, String body) {
        super(request + " answered " + status + ": " + body);
        this.status = status;
        this.body = body;
    }

    /** Whether it was about what was asked, so that asking again is of no use. */
    public boolean ofInput() {
        return OF_INPUT.contains(status);
    }

    /** What the problem document says, with every field that is wrong; without one the whole answer. */
    public String words() {
        JsonNode problem;
        try {
            problem = JsonHttp.JSON.readTree(body);
        } catch (JacksonException e) {
            return String.valueOf(getMessage());
        }
        if (!problem.path("code").isString()) {
            return String.valueOf(getMessage());
        }
        List<String> words = new ArrayList<>();
        for (JsonNode error : problem.path("errors")) {
            words.add(error.path("detail").asString(""));
        }
        if (words.isEmpty()) {
            words.add(problem.path("detail").asString(""));
        }
        words.add(problem.path("remedy").asString(""));
        words.add("(" + problem.path("code").asString() + ")");
        words.removeIf(String::isBlank);
        return String.join(" ", words);
    }
}
