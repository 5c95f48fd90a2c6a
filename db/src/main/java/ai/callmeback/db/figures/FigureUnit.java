package ai.callmeback.db.figures;

import java.util.Locale;

/** What a figure counts. */
public enum FigureUnit {
    USD,
    USD_PER_MINUTE,
    SECONDS,
    COUNT,
    /** 0 to 1. */
    RATIO;

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
