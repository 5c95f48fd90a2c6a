package ai.callmeback.domain.subscription;

import java.util.Locale;

/** What a plan allows beside talk. The amounts are data ({@code plan_entitlements}); none of a plan is zero. */
public enum Entitlement {
    OWN_PERSONAS,
    DOCUMENTS,
    /** Above zero: this person's calls go first. */
    PRIORITY;

    /** As the database names it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
