package ai.callmeback.db.budget;

import ai.callmeback.domain.UsdMicros;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A person's budgets and what is spent of them: vendors' costs of calls as recorded, of calls under way as estimated.
 *
 * @param alertPercent of a budget; from there on an e-mail warns, once a period
 */
public record Budget(Period day, Period month, int alertPercent) {

    /**
     * One day or month, by UTC.
     *
     * @param limit null: no budget
     */
    public record Period(LocalDate start, @Nullable UsdMicros limit, UsdMicros spent) {}
}
