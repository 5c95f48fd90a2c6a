package ai.callmeback.domain;

import java.util.regex.Pattern;

/** Identifies a persona, such as {@code brad_001}: lower-case letters, digits and underscores, 1 to 40 characters. */
public record PersonaId(String value) {
    private static final Pattern FORM = Pattern.compile("[a-z0-9_]{1,40}");

    public PersonaId {
        if (value == null || !FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("persona id must match " + FORM.pattern());
        }
    }

    public static PersonaId parse(String text) {
        return new PersonaId(text);
    }

    @Override
    public String toString() {
        return value;
    }
}
