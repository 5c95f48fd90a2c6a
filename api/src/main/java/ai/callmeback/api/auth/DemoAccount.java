package ai.callmeback.api.auth;

import ai.callmeback.db.identity.NewUser;
import ai.callmeback.db.identity.UserAccount;
import ai.callmeback.db.identity.Users;
import ai.callmeback.domain.E164;
import ai.callmeback.domain.UserId;
import java.util.Optional;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Makes the local environment's demo account; what is there already is left as it is. */
@Component
public class DemoAccount {
    /** The demonstration has a call now and one a few seconds later, and somebody may look on with a third. */
    private static final int CONCURRENT_CALLS = 5;

    private final Users users;
    private final Passwords passwords;

    DemoAccount(Users users, Passwords passwords) {
        this.users = users;
        this.passwords = passwords;
    }

    public Mono<Void> ensure(UserId id, String email, String password, E164 phone) {
        Mono<Boolean> made = Mono.defer(() -> passwords.hash(password))
                .flatMap(hash -> users.insert(new NewUser(
                        id, email, hash, "Demo", Optional.of(phone), "US", UserAccount.Role.OPERATOR, "u-demo")));
        return users.find(id)
                .hasElement()
                .flatMap(there -> there ? Mono.just(true) : made)
                .then(users.allowConcurrentCalls(id, CONCURRENT_CALLS));
    }
}
