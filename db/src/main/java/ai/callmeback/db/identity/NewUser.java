package ai.callmeback.db.identity;

import ai.callmeback.domain.E164;
import ai.callmeback.domain.UserId;
import java.util.Optional;

/**
 * A user to be registered.
 *
 * @param email already in its normal form (trimmed, lower case)
 * @param passwordHash what {@code Passwords} of the api made of the password; never the password
 */
public record NewUser(
        UserId id,
        String email,
        String passwordHash,
        String displayName,
        Optional<E164> phone,
        String country,
        UserAccount.Role role,
        String pseudonym) {
    @Override
    public String toString() {
        return "NewUser[" + pseudonym + "]";
    }
}
