package ai.callmeback.db.figures;

import java.time.Instant;
import java.util.List;

/** A range as a whole, and cut into periods; {@code at}: when the books were read. */
public record FigureReport(Grain grain, Instant at, FigurePeriod total, List<FigurePeriod> periods) {}
