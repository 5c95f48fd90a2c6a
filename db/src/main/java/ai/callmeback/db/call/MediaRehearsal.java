package ai.callmeback.db.call;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.conversation.Brief;
import ai.callmeback.domain.conversation.JournalEvent;
import ai.callmeback.domain.policy.Limits;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;

/**
 * A hand-over that never happened: a call is talked on, journalled and claimed again by the real functions, in a
 * transaction that is rolled back. What the database and this process do for the first time on a connection (parse a
 * function, plan its statements, map a brief and a journal) has then been done before a call waits for it. Nobody else
 * sees a row of it, nobody is notified, and no lock is held that others could want.
 */
@Component
public final class MediaRehearsal {
    private static final int LEASE_MILLIS = 10_000;

    private final DatabaseClient db;
    private final TransactionalOperator transactions;
    private final Briefs briefs;
    private final ConversationJournal journal;
    private final MediaOwners owners;
    private final Greetings greetings;

    public MediaRehearsal(
            DatabaseClient db,
            TransactionalOperator transactions,
            Briefs briefs,
            ConversationJournal journal,
            MediaOwners owners,
            Greetings greetings) {
        this.db = db;
        this.transactions = transactions;
        this.briefs = briefs;
        this.journal = journal;
        this.owners = owners;
        this.greetings = greetings;
    }

    /**
     * Plays one on one connection and answers what the second claim came to. Each time it needs a call of its own.
     *
     * @param brief of the call, attempt 1
     * @param lines of the call's first leg
     * @param ready what the leg before had spoken ahead
     */
    public Mono<ClaimOutcome> play(
            String incarnation, Brief brief, List<JournalEvent> lines, Greetings.Greeting ready, Instant at) {
        CallId call = brief.callId();
        byte[] first = StreamTokens.hash(call + "-1");
        byte[] second = StreamTokens.hash(call + "-2");
        return transactions
                .execute(transaction -> {
                    transaction.setRollbackOnly();
                    return makeUp(call, first, second)
                            .then(briefs.put(brief, at))
                            .then(owners.claim(first, incarnation, Limits.MEDIA_LEASE))
                            .then(journal.appendBatch(incarnation, lines, at).then())
                            .then(greetings.leave(call, brief.attempt(), ready))
                            .then(greetings.take(second).then())
                            .then(owners.claim(second, incarnation, Limits.MEDIA_LEASE));
                })
                .single();
    }

    /** A call that is talked on, with streams offered for it; nobody's number is in it. */
    private Mono<Void> makeUp(CallId call, byte[] first, byte[] second) {
        return db.sql("""
                        with u as (
                          insert into users (id, email, password_hash, display_name, pseudonym)
                          values (:user, :user::text || '@rehearsal.invalid', '', 'Rehearsal', 'rehearsal-' || :user::text)
                          returning id),
                        c as (
                          insert into calls (id, user_id, request_hash, persona_id, phone_e164, planned_seconds, immediate,
                            scheduled_for, callback_policy, status, attempt, answered_at, created_at, updated_at)
                          select :call, u.id, '', p.id, '+15550000000', 900, true, now(), '{}', 'IN_PROGRESS', 1, now(),
                            now(), now()
                          from u, (select id from personas limit 1) p
                          returning id),
                        d as (
                          insert into dial_intents (call_id, attempt, number, state, begun_at, updated_at)
                          select c.id, 1, 'rehearsal-' || c.id, 'ACCEPTED', now(), now() from c)
                        insert into stream_tokens (token_hash, call_id, attempt, ordinal, issued_at, expires_at)
                        select t.hash, c.id, 1, t.ordinal, now(), now() + :life * interval '1 millisecond'
                        from c, (values (:first::bytea, 1), (:second::bytea, 2)) as t (hash, ordinal)""")
                .bind("user", UUID.randomUUID())
                .bind("call", call.value())
                .bind("life", LEASE_MILLIS)
                .bind("first", first)
                .bind("second", second)
                .fetch()
                .rowsUpdated()
                .then();
    }
}
