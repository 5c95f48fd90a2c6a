package ai.callmeback.db.call;

import static ai.callmeback.db.call.Rows.instant;
import static ai.callmeback.db.call.Rows.instantOrNull;
import static ai.callmeback.db.call.Rows.number;
import static ai.callmeback.db.call.Rows.required;
import static ai.callmeback.db.call.Rows.text;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.E164;
import ai.callmeback.domain.PersonaId;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.call.CallDirection;
import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.call.EndedBy;
import ai.callmeback.domain.settlement.ChargePolicy;
import io.r2dbc.spi.Readable;
import java.util.UUID;

final class CallRows {
    static final String SELECT = "select * from calls";

    private CallRows() {}

    static CallRecord read(Readable row) {
        String endedBy = row.get("ended_by", String.class);
        String policy = row.get("charge_policy", String.class);
        return new CallRecord(
                new CallId(required(row, "id", UUID.class)),
                new UserId(required(row, "user_id", UUID.class)),
                new PersonaId(text(row, "persona_id")),
                text(row, "pretext"),
                new E164(text(row, "phone_e164")),
                CallDirection.valueOf(text(row, "direction")),
                number(row, "planned_seconds"),
                number(row, "extended_seconds"),
                required(row, "immediate", Boolean.class),
                instant(row, "scheduled_for"),
                row.get("local_time", String.class),
                row.get("time_zone", String.class),
                Rows.policy(row),
                CallStatus.valueOf(text(row, "status")),
                row.get("status_reason", String.class),
                row.get("status_detail", String.class),
                number(row, "attempt"),
                number(row, "cut_off_redials"),
                instantOrNull(row, "due_at"),
                instantOrNull(row, "answered_at"),
                instantOrNull(row, "ended_at"),
                endedBy == null ? null : EndedBy.valueOf(endedBy),
                row.get("end_reason", String.class),
                number(row, "hold_seconds"),
                policy == null ? ChargePolicy.BY_THE_SECOND : ChargePolicy.ofCode(policy),
                text(row, "charge_decision"),
                row.get("charge_reason", String.class),
                row.get("billed_seconds", Integer.class),
                row.get("charged_seconds", Integer.class),
                instantOrNull(row, "settled_at"),
                row.get("cost_usd_micros", Long.class),
                instantOrNull(row, "costs_recorded_at"),
                row.get("summary", String.class),
                number(row, "last_event_seq"),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }
}
