package ai.callmeback.db.ledger;

import java.util.List;

/**
 * The result of an audit.
 *
 * @param violations empty when all is well; at most a hundred of each rule
 */
public record AuditReport(List<Violation> violations) {

    public boolean ok() {
        return violations.isEmpty();
    }

    /**
     * @param rule the broken rule's stable code
     * @param subject the posting, hold, grant or user it concerns
     * @param detail figures found and expected
     * @param entries the entries behind it, as JSON
     */
    public record Violation(String rule, String subject, String detail, String entries) {}
}
