"""The verbs by which a sentence tells the salesperson what to do; it states nothing of the buyer."""

ADVICE = (
    r"(?:read|reread|skim|study|note|print|download|get|ask|call|phone|dial|ring|write|e-?mail|mail|contact|reach|try"
    r"|use"
    r"|take|keep|have|look|find|see|check|confirm|show|offer|lead|open(?! (?:is|are|rfps?|until)\b)|start|begin|say"
    r"|tell"
    r"|mention|cite|quote|name|point|refer|bring|send|submit|draft|prepare|plan|expect|answer|respond|follow|speak|talk"
    r"|invite|copy|address|suggest|propose|compare|tie|turn|let|make|give|put|go|pick|drop|visit|remember|treat"
    r"|consider"
    r"|focus|avoid|skip|promise|wait|learn|listen|explain|describe|walk|share|attach|add|link|connect|introduce|build"
    r"|position|pitch|highlight|emphasi[sz]e|frame|map|underline|mark|choose|raise|request|reply|arrange|schedule|book"
    r"|tailor|lean|aim|stay|be|do|don't|never|hand|leave|allow|approach|review|go|work|come|set|decide|stress|stick"
    r"|act|move|pass|return|list|gather|collect|order|sketch|rehearse|practi[cs]e|outline|cover|spend|sum up"
    r"|thank|welcome|assume|save|leverage|rely|base|ground|trace|trim|cut|warm up|circle|report|research|verify"
    r"|double-check|reuse)"
)
