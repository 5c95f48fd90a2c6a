package ai.callmeback.db.figures;

import java.util.Locale;

/** How far a figure can be trusted; the first is the weakest. */
public enum FigureState {
    /** Some of it is a guess: usage worked out from a duration, a price that is inferred or missing, a fee not known yet. */
    ESTIMATED,
    /** As booked, not (or not wholly) held against vendors' records yet, or an open case says that it differs. */
    PROVISIONAL,
    /** All of it was held against vendors' records, and no case about them is open. */
    RECONCILED;

    FigureState weaker(FigureState other) {
        return compareTo(other) <= 0 ? this : other;
    }

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
