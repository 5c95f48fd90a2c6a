package ai.callmeback.db.topup;

import ai.callmeback.domain.topup.CardSetupId;
import ai.callmeback.domain.topup.CardSetupStatus;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The saving of a card as it stands.
 *
 * @param customer at the payment vendor, if the person is known there
 */
public record CardSetup(
        CardSetupId id,
        UUID topUpId,
        CardSetupStatus status,
        @Nullable String customer,
        @Nullable String session,
        @Nullable Instant expiresAt,
        Instant createdAt) {}
