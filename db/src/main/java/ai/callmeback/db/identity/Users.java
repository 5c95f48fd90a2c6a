package ai.callmeback.db.identity;

import ai.callmeback.domain.E164;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.call.CallbackPolicy;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Accounts. E-mail addresses are unique; the one who registers second gets {@code false}, not an exception. */
@Repository
public class Users {
    static final String COLUMNS = "u.id, u.email, u.display_name, u.phone_e164, u.country, u.status, u.role,"
            + " u.pseudonym, u.callback_policy::text as callback_policy, u.max_concurrent_calls, u.created_at, u.recording_consent_at";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final DatabaseClient db;

    public Users(DatabaseClient db) {
        this.db = db;
    }

    /** What a sign-in needs: the account and the stored hash. */
    public record Credentials(UserAccount user, String passwordHash) {
        @Override
        public String toString() {
            return "Credentials[" + user + "]";
        }
    }

    /** The time zone of this person's latest booking that named one; empty if none did. */
    public Mono<String> lastTimeZone(UserId id) {
        return db.sql("""
                        select time_zone from calls where user_id = :id and time_zone is not null
                          order by created_at desc limit 1""")
                .bind("id", id.value())
                .map(row -> Objects.requireNonNull(row.get("time_zone", String.class)))
                .one();
    }

    /** Registers; false when the e-mail (or the id) is taken, and then nothing is changed. */
    public Mono<Boolean> insert(NewUser user) {
        return bindPhone(
                        db.sql("""
                                insert into users (id, email, password_hash, display_name, phone_e164, country, role, pseudonym)
                                values (:id, :email, :hash, :name, :phone, :country, :role, :pseudonym)
                                on conflict do nothing""")
                                .bind("id", user.id().value())
                                .bind("email", user.email())
                                .bind("hash", user.passwordHash())
                                .bind("name", user.displayName())
                                .bind("country", user.country())
                                .bind("role", user.role().name().toLowerCase(Locale.ROOT))
                                .bind("pseudonym", user.pseudonym()),
                        user.phone())
                .fetch()
                .rowsUpdated()
                .map(rows -> rows == 1);
    }

    /** How many calls the account may have at once, 1 to 50; a repeat changes nothing. */
    public Mono<Void> allowConcurrentCalls(UserId id, int most) {
        return db.sql("update users set max_concurrent_calls = :most where id = :id")
                .bind("most", most)
                .bind("id", id.value())
                .then();
    }

    public Mono<UserAccount> find(UserId id) {
        return db.sql("select " + COLUMNS + " from users u where u.id = :id")
                .bind("id", id.value())
                .map(Users::account)
                .one();
    }

    /** Whose number this is: the account that has had it longest, an active one first. Anybody may claim a number later. */
    public Mono<UserAccount> findByPhone(E164 phone) {
        return db.sql("select " + COLUMNS + """
                         from users u where u.phone_e164 = :phone
                        order by u.status = 'active' desc, u.created_at, u.id limit 1""")
                .bind("phone", phone.value())
                .map(Users::account)
                .one();
    }

    public Mono<Credentials> findCredentials(String email) {
        return db.sql("select " + COLUMNS + ", u.password_hash from users u where u.email = :email")
                .bind("email", email)
                .map(row -> new Credentials(account(row), required(row, "password_hash", String.class)))
                .one();
    }

    /** Replaces what a user may change of the account; empty when there is no such user. */
    public Mono<UserAccount> updateProfile(UserId id, String displayName, Optional<E164> phone, String country) {
        return bindPhone(
                        db.sql("""
                                update users u set display_name = :name, phone_e164 = :phone, country = :country,
                                  updated_at = now()
                                where u.id = :id returning\s""" + COLUMNS)
                                .bind("id", id.value())
                                .bind("name", displayName)
                                .bind("country", country),
                        phone)
                .map(Users::account)
                .one();
    }

    private static GenericExecuteSpec bindPhone(GenericExecuteSpec spec, Optional<E164> phone) {
        return phone.isPresent() ? spec.bind("phone", phone.get().value()) : spec.bindNull("phone", String.class);
    }

    static UserAccount account(Readable row) {
        return new UserAccount(
                new UserId(required(row, "id", UUID.class)),
                required(row, "email", String.class),
                required(row, "display_name", String.class),
                Optional.ofNullable(row.get("phone_e164", String.class)).map(E164::new),
                required(row, "country", String.class),
                UserAccount.Status.valueOf(required(row, "status", String.class).toUpperCase(Locale.ROOT)),
                UserAccount.Role.valueOf(required(row, "role", String.class).toUpperCase(Locale.ROOT)),
                required(row, "pseudonym", String.class),
                policy(row.get("callback_policy", String.class)),
                required(row, "max_concurrent_calls", Integer.class),
                required(row, "created_at", Instant.class),
                Optional.ofNullable(row.get("recording_consent_at", Instant.class)));
    }

    private static Optional<CallbackPolicy> policy(@Nullable String json) {
        if (json == null) {
            return Optional.empty();
        }
        Policy p = JSON.readValue(json, Policy.class);
        return Optional.of(new CallbackPolicy(p.maxAttempts(), p.delaysSeconds(), p.giveUpAfterSeconds()));
    }

    private record Policy(int maxAttempts, List<Integer> delaysSeconds, int giveUpAfterSeconds) {}

    static <T> T required(Readable row, String column, Class<T> type) {
        T value = row.get(column, type);
        if (value == null) {
            throw new IllegalStateException("column " + column + " must not be null");
        }
        return value;
    }
}
