package ai.callmeback.db.budget;

import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import java.time.LocalDate;

/**
 * An e-mail that is owed about a budget.
 *
 * @param period {@code day} or {@code month}
 * @param usedUp else it is nearly so
 * @param attempts how often it was tried, this time included
 */
public record BudgetNotice(
        UserId userId,
        String period,
        LocalDate periodStart,
        boolean usedUp,
        UsdMicros spent,
        UsdMicros limit,
        int attempts) {

    /** Names the notice, also to the mail vendor. */
    public String key() {
        return "budget-" + (usedUp ? "used-up" : "alert") + "/" + userId + "/" + period + "-" + periodStart;
    }
}
