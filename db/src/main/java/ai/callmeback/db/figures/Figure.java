package ai.callmeback.db.figures;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A figure of a period.
 *
 * @param name a stable code
 * @param value null when it cannot be said, such as a cost per minute without minutes
 * @param at when the books were read; of a reconciled figure, when they were last held against vendors' records
 * @param madeOf the figures it is the sum of, each with + or − before it; empty when it is summed from entries
 * @param drillable whether {@link Figures#entries} shows the entries it is the sum of
 */
public record Figure(
        String name,
        FigureUnit unit,
        @Nullable BigDecimal value,
        FigureState state,
        Instant at,
        List<String> madeOf,
        boolean drillable) {}
