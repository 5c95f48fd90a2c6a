package ai.callmeback.domain.call;

import java.util.Objects;

/**
 * A "no" as a value. {@code detail} adds what the code cannot know (the bound that was broken, a vendor's error number);
 * it never holds a telephone number or other personal data.
 */
public record Refusal(RefusalCode code, String detail) {
    public Refusal {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(detail, "detail");
    }

    public static Refusal of(RefusalCode code) {
        return new Refusal(code, "");
    }
}
