package ai.callmeback.db.figures;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An entry behind a figure, or a line of a call's cost, whose posting holds it.
 *
 * @param amount what it adds to the figure: dollars or seconds
 * @param line of the posting; null for a line of a call's cost
 * @param vendor null unless it is a line of a call's cost, then as in the price book
 */
public record FigureEntry(
        long postingId,
        @Nullable Integer line,
        String kind,
        String businessKey,
        String account,
        BigDecimal amount,
        Instant at,
        @Nullable UUID userId,
        @Nullable UUID callId,
        @Nullable UUID grantId,
        @Nullable String vendor,
        @Nullable String operation) {}
