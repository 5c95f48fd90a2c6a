package ai.callmeback.db.notice;

import ai.callmeback.domain.UserId;

/**
 * An e-mail that is owed to somebody of finance.
 *
 * @param key what it is about; no personal data
 * @param attempts how often it was tried, this time included
 */
public record FinanceNotice(String key, UserId userId, String subject, String body, int attempts) {

    /** Names it to the mail vendor. */
    public String mailKey() {
        return "finance/" + key + "/" + userId;
    }
}
