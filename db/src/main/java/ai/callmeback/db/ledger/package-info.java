/**
 * The double-entry ledger: credits in whole seconds of talk, money in millionths of a US dollar.
 *
 * <p>{@link ai.callmeback.db.ledger.Ledger} is the whole API. Every write is one SQL function of {@code V3__ledger.sql},
 * one round trip and one posting; what each posting may touch is data in {@code ledger_kind_accounts}. {@code
 * docs/ledger.md} explains accounts, kinds and invariants with worked examples.
 */
@NullMarked
package ai.callmeback.db.ledger;

import org.jspecify.annotations.NullMarked;
